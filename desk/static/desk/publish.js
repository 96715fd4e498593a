// Ctrl+Enter (⌘+Enter) publishes; for those who may not publish, it submits or saves.
const BUTTONS = ["action-publish", "action-submit", "action-save"];

function button() {
  const form = document.querySelector("[data-edit-form]");
  if (!form) return null;
  for (const name of BUTTONS) {
    const found = document.querySelector(`[name="${name}"], .${name}`);
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
    if (!found || document.querySelector("dialog[open], .w-dialog[aria-hidden='false'], .modal.in")) return;
    event.preventDefault();
    event.stopPropagation();
    // What was typed last reaches the form before it is sent.
    document.activeElement?.blur?.();
    setTimeout(() => found.click());
  },
  true,
);

const hint = document.querySelector("script[data-hint]")?.dataset.hint;
const publish = document.querySelector('[name="action-publish"]');
if (publish && hint) publish.title = hint;
