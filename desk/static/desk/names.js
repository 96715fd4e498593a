// Names the inputs that Wagtail's widgets make without a label (WCAG 2.2, 4.1.2): now and later.
const UNNAMED = ':is([role="textbox"], .tagit-new input, section textarea):not([aria-label])';

/** Return what stands beside or above an input: a label that is another's, or the block's kind. */
function wordsFor(input) {
  const field = input.closest(".w-field__wrapper");
  const label = [field, field?.parentElement]
    .map((box) => box?.querySelector(":scope > label"))
    .find(Boolean);
  const heading = input.closest("section")?.querySelector("h2");
  const words = label ?? heading?.querySelector(".c-sf-block__type") ?? heading;
  return words?.textContent.replace("*", "").trim().replace(/\s+/g, " ") ?? "";
}

function name() {
  for (const input of document.querySelectorAll(UNNAMED)) {
    if (!input.labels?.length) input.setAttribute("aria-label", wordsFor(input));
  }
}

new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
name();
