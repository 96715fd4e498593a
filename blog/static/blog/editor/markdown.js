/** Telling what a clipboard holds: one text, or several parts that are blocks here. */

const MARKS = {
  heading: /^#{1,6} \S/m,
  fence: /^(```|~~~)[^\n]*\n[\s\S]*?^\1/m,
  list: /^ {0,3}([-*+]|\d{1,3}[.)]) \S/m,
  quote: /^> \S/m,
  link: /!?\[[^\]\n]+\]\([^)\s]+[^)\n]*\)/,
  table: /^\|?[^\n|]+\|[^\n]*\n\|?[ :]*-{3,}[-| :]*$/m,
};

// HTML that means something else than the editor would read in it.
const PECULIAR = [
  "[style*='mso-list' i]", // Word's items are paragraphs
  "[style*='mso-element' i], .MsoCommentReference, .msocomanchor",
  "[style*='mso-hide' i], [style*='display:none' i], [style*='display: none' i]",
  "del[cite]", // a change that is tracked
  ".katex, math",
  "a[href^='#']", // a note, or a place that isn't here
  ":has(div):has(p, li)", // lines that run together beside real paragraphs
];

/** Tell whether a text is Markdown for certain: at least two kinds of its marks. */
export function isMarkdown(text) {
  const plain = text.replaceAll("\r\n", "\n");
  return Object.values(MARKS).filter((mark) => mark.test(plain)).length > 1;
}

/** Tell whether HTML is peculiar, or has parts: headings, tables, quotes, code, figures. */
export function isMoreThanWords(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const all = (selector) => [...page.querySelectorAll(selector)];
  if (all("[data-draftjs-conductor-fragment]").length) return false;
  if (all(PECULIAR.join()).length) return true;
  if (all("td, th").length > 1 || all("pre").some((code) => code.textContent.includes("\n"))) {
    return true;
  }
  const blocks = all("p, h1, h2, h3, h4, h5, h6, li, pre, blockquote, figure, dt");
  const isBesides = all("h1, h2, h3, h4, h5, h6, pre, blockquote, figure").length > 0;
  return isBesides && blocks.filter((block) => block.textContent.trim()).length > 1;
}

/** Return how many pictures HTML names, of which none comes along; Google Docs draws boxes so. */
export function picturesIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelectorAll("img:not([aria-roledescription=checkbox])").length;
}

/** Tell whether all that HTML adds to a text is how a program that shows code looks. */
export function isOnlyCode(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return !page.querySelector("h1, h2, h3, h4, h5, h6, table, blockquote, figure, li, a, img, p");
}
