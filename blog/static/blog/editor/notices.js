/** Calm sentences at the foot of the window, with what can be done about them. */

import { say } from "./server.js";

// It is there before anything is said in it: screen readers tell of what changes in it.
const tray = document.createElement("div");
tray.className = "writing-notices";
tray.setAttribute("role", "status");
document.body.append(tray);

/** Return an element with a sentence and a button for each action (its label and function). */
export function sentence(text, actions) {
  const words = document.createElement("p");
  words.textContent = text;
  const buttons = Object.entries(actions).map(([label, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  });
  const box = document.createElement("div");
  box.className = "writing-notice";
  box.append(words, ...buttons);
  return box;
}

/** Show a sentence until it is dismissed or replaced; return the function that removes it. */
export function notice(text, actions = {}, { name = "", seconds = 0 } = {}) {
  let box = null;
  const remove = () => box.remove();
  const removing = Object.entries(actions).map(([label, act]) => [
    label,
    () => {
      remove();
      act();
    },
  ]);
  box = sentence(text, { ...Object.fromEntries(removing), [say("dismiss")]: remove });
  closeNotice(name);
  box.dataset.notice = name;
  tray.append(box);
  if (seconds) setTimeout(remove, seconds * 1000);
  return remove;
}

/** Remove what is said under a name. */
export function closeNotice(name) {
  if (name) tray.querySelectorAll(`[data-notice="${name}"]`).forEach((old) => old.remove());
}
