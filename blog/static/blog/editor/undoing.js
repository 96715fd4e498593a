/** Ctrl+Z for what was done to whole blocks, until something is typed: that the text takes back. */

let acts = []; // the last one last

export function listenForUndo(form) {
  // Before Draftail, which listens on the document.
  window.addEventListener("keydown", onKey, true);
  form.addEventListener("beforeinput", forget, true);
}

/** Have Ctrl+Z call a function; `whenOver` is called once it no longer would. */
export function undoable(undo, whenOver = () => {}) {
  acts.push({ undo, whenOver });
}

/** Leave out what was taken back otherwise. */
export function undone(undo) {
  const last = acts.findLast((act) => act.undo === undo);
  acts = acts.filter((act) => act !== last);
}

export function forget() {
  for (const { whenOver } of acts.splice(0)) whenOver();
}

function onKey(event) {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  if (!isUndo || !acts.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { undo, whenOver } = acts.pop();
  whenOver();
  undo();
}
