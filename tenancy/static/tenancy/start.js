// Starts the widgets of Wagtail that would have a script in the page, which the policy refuses (tenancy/scripts.py).
// No others: markup that somebody smuggled in could call anything otherwise.
const STARTED = new Set([
  "Chooser", "DocumentChooser", "ImageChooser", "PageChooser", "SnippetChooser", "createTaskChooser",
  "initDateChooser", "initDateTimeChooser", "initTimeChooser", "InlinePanel",
]);

wagtail.app.register("start", class extends StimulusModule.Controller {
  static values = { name: String, arguments: Array };

  connect() {
    const { nameValue: name, argumentsValue: given } = this;
    this.element.remove(); // or it would start again where it is moved to
    if (!STARTED.has(name)) throw new Error(`Nothing is known of ${name}`);
    new window[name](...given);
  }
});

// Asks itself what Jcrop would find out by writing a script into an attribute.
if (jQuery.Jcrop) jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in window;
