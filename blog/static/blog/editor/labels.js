/** Where a name ends in an input of tags or authors: at the comma of Arabic, too. */

// Not within quotation marks. Wagtail's script knows the other comma, also in what is pasted.
const COMMA = /(?<=^[^"]*(?:"[^"]*"[^"]*)*)،/;

export function endNames(form) {
  form.addEventListener("input", ({ target }) => {
    if (!target.closest(".tagit-new") || !COMMA.test(target.value)) return;
    const field = target.closest(".tagit").previousElementSibling;
    const names = target.value.split(COMMA);
    const begun = names.pop();
    for (const name of names) jQuery(field).tagit("createTag", name);
    target.value = begun;
  });
}
