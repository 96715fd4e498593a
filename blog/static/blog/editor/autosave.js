/** What Wagtail's autosave leaves open: typing without a pause, and a server out of reach. */

import { dropCopy, keepCopy } from "./copies.js";
import { notice } from "./notices.js";
import { newId, pathOf, say, sent, settings, whoIsHere } from "./server.js";

const LONGEST_WAIT = 1200; // milliseconds, to which Wagtail adds its interval
const DRAFTAIL_WAIT = 300; // until Draftail has written what was typed into the form
const A_MOMENT = 2000; // milliseconds, in which Wagtail has seen what was typed
const LONGEST_PAUSE = 30_000;
// Where comments stand is marked in the editor alone.
const OF_COMMENTS = /^(COMMENT-|STYLE_RERENDER_)/;
const LONGEST_LEAVING = 8000;
// Which Wagtail adds to what it sends, and which is renewed now and then.
const NOBODYS = ["overwrite_revision_id", "csrfmiddlewaretoken"];
const LONGEST_SAVE = 3000; // until a copy is kept of what the server hasn't answered about

let form = null;
let copy = ""; // the id under which this page keeps its text
let hasActed = false;
let lastInput = 0;
let lastSave = 0;
let savedAt = 0; // when that save read the form which arrived last
const begun = new WeakMap(); // what a save read of the form and when, by the event that asked for it
let waiting = null;
let pause = 0;
let retrying = null;
let hanging = null; // the time after which a save hangs, as long as it isn't answered
let isHanging = false;
let around = ""; // where that is which stands around the form of a page just made, if it was lost

export function keepCopies(editedForm) {
  form = editedForm;
  // A text that the server just gave back goes on under the id by which it was sent.
  copy = settings.form || newId();
  // By which the server makes one page of a new page's form, though it is sent again.
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "form_id", value: copy }));
  for (const kind of ["pointerdown", "keydown", "paste", "drop"]) {
    document.addEventListener(kind, () => (hasActed = true), { capture: true, once: true });
  }
  for (const kind of ["beforeinput", "input", "change"]) {
    form.addEventListener(kind, onInput, true);
  }
  const isSaved = form.matches('[data-controller~="w-autosave"]'); // not as it once was
  form.addEventListener("w-unsaved:add", () => (form.dataset.failing || isHanging || !isSaved) && keep());
  form.addEventListener("w-autosave:save", ({ detail }) => {
    lastSave = Date.now();
    begun.set(detail.trigger, { at: lastSave, fields: detail.formData });
    waitForAnswer();
  });
  form.addEventListener("w-autosave:success", onSaved);
  window.addEventListener("beforeunload", askWhoLeaves);
  form.addEventListener("w-autosave:error", ({ detail }) => {
    around ||= detail.response?.hydrate_url ?? "";
    failed(detail.type);
  });
  for (const kind of ["online", "focus"]) window.addEventListener(kind, () => retry());
}

export function isThisPages(id) {
  return id === copy;
}

// --- saving in time ---------------------------------------------------------------------------

function onInput({ isTrusted }) {
  // Until somebody acts, what scripts set (choosers do as they begin) changes nothing.
  if (!isTrusted && !hasActed) return;
  lastInput = Date.now();
  waiting ??= setTimeout(() => {
    waiting = null;
    if (lastSave < lastInput + DRAFTAIL_WAIT) save();
  }, LONGEST_WAIT);
}

/** Have the browser ask whoever leaves right after a word, of which Wagtail knows nothing yet. */
function askWhoLeaves(event) {
  const isToAsk = form.dataset.wUnsavedConfirmationValue !== "false";
  const isNew = Date.now() < lastInput + A_MOMENT && savedAt < lastInput + DRAFTAIL_WAIT;
  if (isToAsk && isNew) event.preventDefault();
}

/** Have Wagtail save all that is written, whatever it knows of it. */
export function save() {
  writeText(document.activeElement?.closest("[data-draftail-editor-wrapper]"));
  const detail = { type: "edits" };
  form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail }));
}

/** Write what is being typed into the form: Draftail waits for a pause. */
function writeText(wrapper) {
  const field = wrapper && [...wrapper.parentNode.children].find((each) => each.draftailEditor);
  if (!field) return;
  const raw = window.Draftail.serialiseEditorStateToRaw(field.draftailEditor.getEditorState());
  for (const block of raw?.blocks ?? []) {
    block.inlineStyleRanges = block.inlineStyleRanges.filter(({ style }) => !OF_COMMENTS.test(style));
  }
  field.rawContentState = raw;
  field.value = JSON.stringify(raw);
}

// --- when the server is out of reach ----------------------------------------------------------
// While a save fails, `form.dataset.failing` says of what: of the server's "reach", or "refused".

export function keep() {
  const all = [...new FormData(form), ...ownVersion()];
  const fields = all.filter(([, value]) => typeof value === "string");
  return keepCopy(copy, pathOf(form), fields, sent.id);
}

/** Return the field that tells the server which version this page saved, once it has saved any. */
export function ownVersion() {
  const id = form.dataset.wAutosaveRevisionIdValue;
  return Number(id) ? [["overwrite_revision_id", id]] : [];
}

/** Keep a copy of what is being sent when no answer comes: nothing else would tell of it. */
export function waitForAnswer() {
  hanging ??= setTimeout(() => {
    isHanging = true;
    keep();
  }, LONGEST_SAVE);
}

function answered() {
  clearTimeout(hanging);
  hanging = null;
  isHanging = false;
}

/** Go where the server leads that has taken the text. */
export async function leave(place) {
  answered();
  delete form.dataset.failing;
  await dropCopy(copy);
  form.dataset.wUnsavedConfirmationValue = "false";
  const go = () => location.assign(place);
  setTimeout(() => notice(say("arrived"), { [say("goOn")]: go }, { name: "saving" }), LONGEST_LEAVING);
  go();
}

function onSaved({ detail }) {
  answered();
  const { at, fields } = begun.get(detail.trigger);
  savedAt = at;
  // Wagtail takes the form for saved as it is now, a block that was deleted meanwhile included.
  if (isOtherThan(fields, detail.data.field_updates ?? {})) return save();
  // What was typed since the save read the form isn't there yet, but has a save of its own coming.
  if (at < lastInput + DRAFTAIL_WAIT) return;
  clearTimeout(retrying);
  pause = 0;
  dropCopy(copy);
  if (form.dataset.undone) notice(say("savedUndone"), {}, { name: "saving" });
  else if (form.dataset.failing === "reach") notice(say("savedAgain"), {}, { name: "saving", seconds: 4 });
  // Wagtail takes back what it said of a failed save only where the form had changed since the last one.
  form.dispatchEvent(new Event("w-unsaved:clear", { bubbles: true }));
  delete form.dataset.failing;
  delete form.dataset.undone;
}

/** Tell whether the form holds other things than a save read, but for those that its answer set. */
function isOtherThan(fields, set) {
  const now = new FormData(form);
  const isOther = (name) => String(now.getAll(name)) !== String(fields.getAll(name));
  return [...fields.keys()].some((name) => !NOBODYS.includes(name) && !(name in set) && isOther(name));
}

/** Keep what couldn't be saved, say so, and go on trying; `who` there is, is asked if not known. */
export async function failed(type, who) {
  answered();
  const isReach = ["network_error", "server_error"].includes(type);
  // Wagtail says itself what is wrong with the fields, or that another version is newer. What it says
  // of the server, the stylesheet hides: it doesn't know whether the text is kept.
  form.dataset.failing = isReach ? "reach" : "refused";
  const isKept = await keep();
  if (!isReach && !sent.id) return;
  who ??= await whoIsHere();
  if (who === "arrived") return leave(sent.place);
  if (!isReach) return;
  if (form.dataset.failing) tell(who, isKept);
  if (who !== "other") retryLater();
}

function tell(who, isKept) {
  const actions = {};
  let words = isKept ? "notSaved" : "notKept";
  if (who === "other") words = "somebodyElse";
  if (who === "gone") words = isKept ? "gone" : "goneNotKept";
  if (who === "barred") words = isKept ? "barred" : "barredNotKept";
  if (who === "left") words = isKept ? "left" : "leftNotKept";
  if (who === "out") {
    words = isKept ? "signedOut" : "signedOutNotKept";
    actions[say("signIn")] = () => window.open(settings.signIn, "_blank");
  }
  notice(say(words, settings), actions, { name: "saving" });
}

function retryLater() {
  pause = Math.min(Math.max(1000, pause * 2), LONGEST_PAUSE);
  clearTimeout(retrying);
  retrying = setTimeout(retry, pause);
}

async function retry() {
  if (form.dataset.failing !== "reach") return;
  const who = await whoIsHere();
  if (who === "arrived") leave(sent.place);
  else if (who === "here" && (await fetchAround())) save();
  else if (who !== "other") retryLater();
}

/** Fetch what was lost of a page just made, without which Wagtail saves no more; tell whether it is there. */
async function fetchAround() {
  if (!around) return true;
  const autosave = wagtail.app.getControllerForElementAndIdentifier(form, "w-autosave");
  const url = around;
  around = ""; // it is put in its place once
  try {
    await autosave.hydrate({ detail: { url } });
  } catch {
    around = url;
    return false;
  }
  form.dataset.wAutosaveActiveValue = "true";
  return true;
}
