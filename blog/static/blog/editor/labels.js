/** Where a name ends in an input of tags or authors: at the comma of Arabic, too. */

const COMMA = "،"; // Wagtail's script knows the other one, also in what is pasted

export function endNames(form) {
  form.addEventListener("input", ({ target }) => {
    if (!target.closest(".tagit-new") || !target.value.includes(COMMA)) return;
    const field = target.closest(".tagit").previousElementSibling;
    const names = target.value.split(COMMA);
    const begun = names.pop();
    for (const name of names) jQuery(field).tagit("createTag", name);
    target.value = begun;
  });
}
