// Calendars beside the fields for dates keep out of the way of what is typed there.

// What was typed is for the form to judge: the calendar would put the present moment in its place.
document.addEventListener("focusin", ({ target }) => jQuery(target).off("blur.xdsoft"));

// A calendar opens a moment after its field was entered, also when that has been left by then.
const LATEST_OPENING = 250; // milliseconds
document.addEventListener("focusout", ({ target }) => {
  setTimeout(() => {
    if (target !== document.activeElement) jQuery(target).data("xdsoft_datetimepicker")?.trigger("close.xdsoft");
  }, LATEST_OPENING);
});

// In a dialog a calendar opens by a click alone: Tab would lay that of the next field over the button behind it. It
// goes out of the way of whoever types.
document.addEventListener("w-dialog:shown", ({ target }) => {
  jQuery(target).find("input").off("focusin.xdsoft input.typed").on("input.typed", ({ currentTarget }) => {
    jQuery(currentTarget).datetimepicker("hide");
  });
});
