/** The body that is being written, as Wagtail's StreamField keeps it in the browser. */

/** Return the body's stream of blocks, or null where the form has none. */
export function body() {
  return window.wagtail?.editHandler?.getPanelByName("body")?.getBoundWidget() ?? null;
}

/** Return what Wagtail's streams and lists of blocks are made after, where a form has any. */
export function sequences() {
  const { StreamBlock, ListBlock } = window.wagtailStreamField?.blocks ?? {};
  return StreamBlock ? [StreamBlock.prototype, ListBlock.prototype] : [];
}

/** Return the block of the body that an element stands in, or null. */
export function blockAround(element) {
  return body()?.children.find((child) => child.element.contains(element)) ?? null;
}

/** Return the Draftail editor of a paragraph, or null for other blocks. */
export function textEditor(child) {
  if (child?.type !== "paragraph") return null;
  return child.block.widget?.input?.draftailEditor ?? null;
}

// --- the caret ----------------------------------------------------------------------------------

const QUIET = 300; // milliseconds
let quietUntil = 0;

/**
 * Take the caret away before texts change places.
 *
 * Until all of them are drawn anew, no text hears where the caret is: Draft.js breaks when it asks
 * one text about the caret of another.
 */
export function leaveText() {
  quietUntil = performance.now() + QUIET;
  document.activeElement?.blur();
  window.getSelection()?.removeAllRanges();
}

for (const kind of ["keyup", "mouseup", "selectionchange"]) {
  window.addEventListener(
    kind,
    (event) => performance.now() < quietUntil && event.stopImmediatePropagation(),
    true,
  );
}

export function insert(block, index) {
  return body().insert({ id: crypto.randomUUID(), ...block }, index);
}

export function remove(child) {
  const index = body().children.indexOf(child);
  if (index >= 0) body().deleteBlock(index);
}

/** Leave out the empty lines that a division put at either end of a text. */
function trimmed(state) {
  const content = state.getCurrentContent();
  const blocks = content.getBlocksAsArray();
  const isEmpty = (block) => !block.getText();
  while (blocks.length && isEmpty(blocks[0])) blocks.shift();
  while (blocks.length && isEmpty(blocks.at(-1))) blocks.pop();
  if (!blocks.length) return null;
  const shorter = state.constructor.push(state, content.constructor.createFromBlockArray(blocks));
  // The caret stood in a line that may be gone.
  return state.constructor.moveSelectionToEnd(shorter);
}

/** Divide a text at a place in it. */
function divided(state, key, offset) {
  const place = { anchorKey: key, anchorOffset: offset, focusKey: key, focusOffset: offset };
  const caret = state.getSelection().merge({ ...place, isBackward: false });
  return window.draftail.splitState(state.constructor.acceptSelection(state, caret));
}

/**
 * Make room for new blocks where the caret of a text stands, dividing the text there.
 *
 * What is selected gives way to them.
 *
 * Return the index at which they go, and the functions that remove a text that is empty and that
 * put all back (returning the block of the text where it is a new one).
 */
export function makeRoom(child) {
  const index = body().children.indexOf(child);
  const editor = textEditor(child);
  if (!editor) return { index: index + 1 };
  const whole = editor.getEditorState();
  const selected = whole.getSelection();
  const { stateBefore } = divided(whole, selected.getStartKey(), selected.getStartOffset());
  const { stateAfter } = divided(whole, selected.getEndKey(), selected.getEndOffset());
  const [before, after] = [trimmed(stateBefore), trimmed(stateAfter)];
  if (!before && !after) {
    const { id } = child;
    const none = whole.getCurrentContent().constructor.createFromText("");
    child.block.setState(whole.constructor.moveSelectionToEnd(whole.constructor.push(whole, none)));
    return {
      index,
      /** An empty paragraph gives way to what is pasted into it. */
      giveWay: () => remove(child),
      undo: (at) => body().insert({ type: "paragraph", value: whole, id }, at),
    };
  }
  child.block.setState(before ?? after);
  const rest = before && after && insert({ type: "paragraph", value: after }, index + 1);
  return {
    index: before ? index + 1 : index,
    undo() {
      if (rest) remove(rest);
      child.block.setState(whole);
    },
  };
}

/** Put the caret of a paragraph's text before the line that is nearest to a height on screen. */
export function putCaretNear(child, y) {
  const editor = textEditor(child);
  const lines = [...child.element.querySelectorAll("[data-block=true][data-offset-key]")];
  const below = lines.find((each) => {
    const { top, height } = each.getBoundingClientRect();
    return y < top + height / 2;
  });
  if (!editor) return;
  const state = editor.getEditorState();
  const last = state.getCurrentContent().getLastBlock();
  const key = below ? below.dataset.offsetKey.split("-")[0] : last.getKey();
  const offset = below ? 0 : last.getLength();
  const caret = state
    .getSelection()
    .merge({ anchorKey: key, anchorOffset: offset, focusKey: key, focusOffset: offset });
  editor.onChange(state.constructor.acceptSelection(state, caret));
}
