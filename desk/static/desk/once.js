// A form is sent once, however often its button is pressed: a second invitation or weblog would be made, or
// the one who accepted be told that the link was used already. The form of a page sees to it itself.
const PATIENCE = 10_000; // ms; what is downloaded leaves the form where it is

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("#page-edit-form") || event.defaultPrevented) return;
  if (form.dataset.isSent) {
    event.preventDefault();
    return;
  }
  form.dataset.isSent = "true";
  setTimeout(() => delete form.dataset.isSent, PATIENCE);
});

// Whoever comes back to a form by the browser's button can send it again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-is-sent]")) delete form.dataset.isSent;
});
