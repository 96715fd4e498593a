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
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.querySelector(TEXT)?.focus();
  });
  title.addEventListener("input", () => {
    // It is shown in several lines and has one.
    if (title.value.includes("\n")) title.value = title.value.replace(/\s*\n\s*/g, " ");
  });
}
