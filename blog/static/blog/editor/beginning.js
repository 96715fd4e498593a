/** Put the caret where a new text begins, unless it was put elsewhere before the page was ready. */
export function beginWithTheTitle(form) {
  const title = form.querySelector('[name="title"]');
  if (!title || title.value) return;
  addEventListener("load", () => {
    // Wagtail shows the form's tab only now.
    if (document.activeElement === document.body) title.focus();
  });
}
