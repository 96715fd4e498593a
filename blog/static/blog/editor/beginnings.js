/** Lines keep how they begin when something is pasted: “7. May” and “§ 3” are words, no items. */

const WORDS = "words"; // a type of line that Draftail doesn't know

/**
 * Have Draftail read no lists into a text that something is pasted into.
 *
 * After a paste it makes items of all lines of the text that begin like “1. ”, “o ” or “v. ”, and
 * drops those beginnings, where lines are of the type "unstyled". Types which it doesn't know
 * become that type only afterwards.
 */
export function keepBeginnings() {
  const editor = window.Draftail?.DraftailEditor.prototype;
  if (!editor) return;
  const { onChange } = editor;
  editor.onChange = function (state) {
    const isPasted =
      state.getLastChangeType() === "insert-fragment" &&
      state.getCurrentContent() !== this.getEditorState().getCurrentContent();
    onChange.call(this, isPasted ? disguised(state) : state);
  };
}

function disguised(state) {
  const content = state.getCurrentContent();
  const blockMap = content
    .getBlockMap()
    .map((line) => (line.getType() === "unstyled" ? line.set("type", WORDS) : line));
  return state.constructor.set(state, { currentContent: content.merge({ blockMap }) });
}
