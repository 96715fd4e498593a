// Ctrl+Enter (⌘+Enter) approves or publishes; for those who may not publish, it submits or saves.
const BUTTONS = [
  '[data-workflow-action-name="approve"]:not([data-workflow-action-modal-url])',
  '[name="action-publish"]',
  '[name="action-submit"]',
  ".action-save",
];

function button() {
  const form = document.querySelector("[data-edit-form]");
  if (!form) return null;
  for (const name of BUTTONS) {
    const found = form.querySelector(`footer ${name}`) ?? form.querySelector(name);
    if (found && !found.disabled) return found;
  }
  return null;
}

// In the capture phase: the editor of rich text would take it for a line break.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const found = button();
    if (!found || document.querySelector("dialog[open], .w-dialog:not([aria-hidden='true']), .modal.in")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    setTimeout(() => found.click());
  },
  true,
);

// Enter in any field of a page would press the first button, and publish: one that is asleep does nothing.
const asleep = { type: "submit", disabled: true, hidden: true };
document.querySelector("#page-edit-form")?.prepend(Object.assign(document.createElement("button"), asleep));

const hint = document.querySelector("script[data-hint]")?.dataset.hint;
const inSight = button();
if (inSight && hint) inSight.title = hint;

// On a telephone the side panel covers all of the form, the button that publishes too. There it begins closed
// (Wagtail opens it as it was left), unless it tells of a schedule that can't be.
const isWrong = document.querySelector("[data-side-panel=status] .w-bg-critical-50");
if (matchMedia("(width < 50rem)").matches && !isWrong) localStorage.removeItem("wagtail:side-panel-open");

// What is refused in a dialog would be told where nobody sees it.
addEventListener("load", () => {
  document.querySelector(".w-dialog .error-message")?.dispatchEvent(new Event("w-dialog:show", { bubbles: true }));
});

// One request at a time writes an entry. Of a save and a publishing that are under way at once, the
// server would refuse the one that comes last.
const saving = new Set(); // the events that asked for a save, as the next begins before one is told
document.addEventListener("w-autosave:save", ({ defaultPrevented, detail }) => {
  if (!defaultPrevented) saving.add(detail.trigger);
});
for (const end of ["success", "error"]) {
  document.addEventListener(`w-autosave:${end}`, ({ detail }) => saving.delete(detail.trigger));
}

// Wagtail asks from time to time whether another window saved. A question asked before a save may be
// answered after it, and take it for another window's; a save that was taken has met no other.
const questions = () => document.querySelector("[data-controller~=w-session]");
document.addEventListener("w-autosave:save", () => {
  wagtail.app.getControllerForElementAndIdentifier(questions(), "w-swap")?.abortController?.abort();
});
document.addEventListener("w-autosave:success", () => {
  questions()?.removeAttribute("data-w-session-intercept-value");
});

// Whoever is asked whether to replace another's version says so of that one alone.
let newer = null;
document.addEventListener("w-swap:json", ({ detail }) => {
  newer = detail.data?.other_sessions?.find(({ revision_id: id }) => id)?.revision_id ?? newer;
  // Where the form tells of that one, it tells what its buttons do, too.
  const isTold = newer && document.querySelector("input[name=known_revision_id]")?.value === String(newer);
  if (isTold) questions()?.removeAttribute("data-w-session-intercept-value");
});
document.addEventListener(
  "w-dialog:confirmed",
  ({ target }) => {
    if (target.id !== "w-save-confirmation-dialog" || !newer) return;
    const form = document.querySelector("[data-edit-form]");
    form.querySelector("input[name=known_revision_id]")?.remove();
    const known = { type: "hidden", name: "known_revision_id", value: newer };
    form.append(Object.assign(document.createElement("input"), known));
  },
  true,
);

let pressed = null;
document.addEventListener(
  "click",
  ({ target }) => {
    const button = "[type=submit], [data-workflow-action-name]";
    pressed = target.closest(`[data-edit-form] :is(${button})`) ?? pressed;
  },
  true,
);

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-edit-form]")) return;
    // A second click or chord would make the entry again, and complain that it is there.
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.wAutosaveActiveValue = "false";
    if (!saving.size || form.dataset.waited) {
      form.dataset.sent = "true";
      setTimeout(() => { if (event.defaultPrevented) delete form.dataset.sent; });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    // The button that was pressed falls asleep, and Wagtail takes back what it put in its place.
    const asked = [...new FormData(form, event.submitter)]
      .filter(([name]) => /^(action|workflow)-/.test(name))
      .map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    const waiting = new AbortController();
    const goOn = () => {
      if (waiting.signal.aborted) return;
      waiting.abort();
      form.dataset.waited = "true";
      form.append(...asked);
      form.requestSubmit();
      for (const field of asked) field.remove();
    };
    // Wagtail asks at once whose version is newer, and has its dialog then, which a press opens.
    const askFirst = () => {
      document.addEventListener("w-swap:json", () => {
        waiting.abort();
        setTimeout(() => pressed?.click());
      }, { signal: waiting.signal });
    };
    const ended = ({ detail }) => {
      if (saving.size) return;
      if (detail.type === "invalid_revision") askFirst();
      else goOn();
    };
    for (const end of ["success", "error"]) {
      document.addEventListener(`w-autosave:${end}`, ended, { signal: waiting.signal });
    }
    setTimeout(goOn, 5000);
  },
  true,
);

// Whoever comes back to the form by the browser's button can send it again, as can who was refused.
addEventListener("pageshow", () => { delete document.querySelector("[data-edit-form]")?.dataset.sent; });
addEventListener("sending:failed", ({ target }) => {
  delete target.dataset.waited;
  target.dataset.wAutosaveActiveValue = "true";
});
