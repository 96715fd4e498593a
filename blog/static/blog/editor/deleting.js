/** Bringing back what a bin removed: a block, or a part of one. */

import { closeNotice, notice } from "./notices.js";
import { say } from "./server.js";
import { sequences } from "./stream.js";
import { undoable, undone } from "./undoing.js";

const deleted = []; // with the place of each, the last one last

export function keepWhatIsDeleted() {
  for (const prototype of sequences()) {
    const { deleteBlock } = prototype;
    prototype.deleteBlock = function (index, options) {
      const [child, inserter] = [this.children[index], this.inserters[index]];
      deleteBlock.call(this, index, options);
      // What a bin does is shown as a movement, what scripts do isn't.
      if (!options?.animate) return;
      deleted.push({ sequence: this, index, child, inserter, next: this.children[index] });
      undoable(bringBack);
      focusNear(this, index);
      offer();
    };
  }
}

/** Keep the focus where the block was, where it opens no keyboard on a screen. */
function focusNear({ children, inserters }, index) {
  const child = children[index] ?? children.at(-1);
  const { element } = inserters[0];
  (child?.toggleElement ?? element.querySelector("button") ?? element).focus();
}

function offer() {
  const undo = () => {
    undone(bringBack);
    bringBack();
  };
  notice(say("deleted"), { [say("undo")]: undo }, { name: "deleted" });
}

/** Show again what Wagtail only hid, with all that was typed in it and the same id. */
function bringBack() {
  const { sequence, index, child, inserter, next } = deleted.pop();
  const { children, inserters } = sequence;
  const found = children.indexOf(next);
  const at = found < 0 ? Math.min(index, children.length) : found;
  children.splice(at, 0, child);
  inserters[at].element.before(inserter.element, child.element);
  inserters.splice(at, 0, inserter);
  child.deletedInput.val("");
  jQuery([child.element, inserter.element]).stop(true, true).show().removeAttr("aria-hidden");
  number(sequence);
  sequence.blockCountChanged();
  child.toggleElement.focus();
  closeNotice("deleted");
  notice(say("back"), {}, { name: "back", seconds: 4 });
  if (deleted.length) offer();
}

function number({ children, inserters }) {
  inserters.forEach((inserter, index) => inserter.setIndex(index));
  children.forEach((child, index) => {
    child.setIndex(index);
    if (index) child.enableMoveUp();
    else child.disableMoveUp();
    if (index < children.length - 1) child.enableMoveDown();
    else child.disableMoveDown();
  });
}
