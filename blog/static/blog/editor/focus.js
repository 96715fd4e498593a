/** Keeping the focus where something was just done, for those who write by the keyboard. */

import { sequences } from "./stream.js";

const CONTROL = "button, input, select, textarea, [contenteditable=true]";
const MOVE = "[data-streamfield-action^=MOVE]";
const SETTLED = 50; // milliseconds: Wagtail gives the focus to a new block after 10

export function keepFocus(form) {
  beginInNewBlocks();
  form.addEventListener("click", stayOnMoved, true);
  form.addEventListener("click", rememberChooser, true);
  jQuery(document).on("hidden.bs.modal", backToChooser);
  form.addEventListener("keydown", leavePicker, true);
  form.addEventListener("focusout", closePicker);
  document.addEventListener("click", leavePanel, true);
}

/** Focus the first control that is in sight, but for those in the heading of a part. */
function focusFirst(element) {
  const controls = [...element.querySelectorAll(CONTROL)];
  controls.find((each) => each.offsetParent && !each.closest(".w-panel__header"))?.focus();
}

/** Wagtail takes the first button of a chooser, which is hidden until something is chosen. */
function beginInNewBlocks() {
  for (const prototype of sequences()) {
    const { _onRequestInsert } = prototype;
    prototype._onRequestInsert = function (index, ...rest) {
      _onRequestInsert.call(this, index, ...rest);
      const { element } = this.children[index];
      setTimeout(() => element.contains(document.activeElement) || focusFirst(element), SETTLED);
    };
  }
}

/** A button that moves its block leaves the page for a moment, and so loses the focus. */
function stayOnMoved({ target }) {
  const button = target.closest(MOVE);
  const other = () => button.parentElement.querySelector(`${MOVE}:not([disabled])`);
  if (button) setTimeout(() => (button.disabled ? other() : button)?.focus()); // once it has moved
}

/** The arrow that closes the panel beside the form goes with it; the button that opened it stays. */
function leavePanel({ target }) {
  if (!target.closest("[data-form-side-close-button]")) return;
  document.querySelector("[data-side-panel-toggle][aria-expanded=true]")?.focus();
}

// --- choosers -----------------------------------------------------------------------------------

let chooser = null; // whose dialog is open

function rememberChooser({ target }) {
  if (target.closest("[data-chooser-action-choose]")) chooser = target.closest(".chooser");
}

/** The button that opened the dialog is hidden once something was chosen. */
function backToChooser() {
  if (chooser && document.activeElement === document.body) focusFirst(chooser);
  chooser = null;
}

// --- what the + opens ---------------------------------------------------------------------------

/** Return the button whose picker of blocks an element stands in, or null. */
function buttonOf(element) {
  return element.closest("[data-tippy-root]")?.parentElement.querySelector(":scope > .c-sf-add-button") ?? null;
}

function leavePicker({ key, target }) {
  if (key === "Escape") buttonOf(target)?.focus(); // and Wagtail closes the picker
}

function closePicker({ target, relatedTarget }) {
  const button = buttonOf(target) ?? target.closest(".c-sf-add-button");
  if (relatedTarget && !button?.parentElement.contains(relatedTarget)) button?._tippy?.hide();
}
