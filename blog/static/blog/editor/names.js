/** Names and a place to begin, for those who write by the keyboard or by ear. */

const UNNAMED = '[role="textbox"]:not([aria-label]), .tagit-new input:not([aria-label])';

/** Name the inputs that Wagtail's widgets make without a label (WCAG 2.2, 4.1.2): now and later. */
export function nameInputs(form) {
  const name = () => {
    for (const input of form.querySelectorAll(UNNAMED)) {
      const heading = input.closest("section")?.querySelector("h2");
      if (heading) input.setAttribute("aria-label", heading.textContent.trim().replace(/\s+/g, " "));
    }
  };
  new MutationObserver(name).observe(form, { childList: true, subtree: true });
  name();
}

/** Put the caret where a new text begins, unless it was put elsewhere before the page was ready. */
export function beginWithTheTitle(form) {
  const title = form.querySelector('[name="title"]');
  if (!title || title.value) return;
  addEventListener("load", () => {
    // Wagtail shows the form's tab only now.
    if (document.activeElement === document.body) title.focus();
  });
}
