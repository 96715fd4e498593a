/** A title is where writing begins, and Enter leads from it to the text. */

const TEXT = "[data-streamfield-child] :is([contenteditable=true], textarea, input:not([type=hidden]))";

export function writeTitle(form) {
  const title = form.querySelector('[name="title"]');
  if (!title) return;
  if (!title.value) {
    addEventListener("load", () => {
      // Wagtail shows the form's tab only now; the caret may have been put elsewhere before.
      if (document.activeElement === document.body) title.focus();
    });
  }
  if (!title.matches("textarea")) return;
  title.addEventListener("beforeinput", (event) => {
    const isEnter = event.inputType === "insertLineBreak";
    if (!isEnter && !/[\n\r\u2028\u2029]/.test(event.data)) return;
    event.preventDefault();
    if (isEnter) [...form.querySelectorAll(TEXT)].find((field) => field.checkVisibility())?.focus();
    // It is shown in several lines and has one; said so, what was pasted can be taken back.
    else document.execCommand("insertText", false, event.data.trim().replace(/\s*[\n\r\u2028\u2029]\s*/g, " "));
  });
}
