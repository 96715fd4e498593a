/** Showing what readers get where a field is left empty: the summary and the picture to share. */

import { say } from "./server.js";
import { body } from "./stream.js";

const EXCERPT = 280; // characters, as the server takes them

export function showWhatFillsItself(form) {
  const show = () => {
    showSummary(form);
    showSharedPicture(form);
  };
  form.addEventListener("w-unsaved:add", show);
  form.addEventListener("focusin", show);
  window.addEventListener("load", show);
}

function showSummary(form) {
  const summary = form.elements.namedItem("summary");
  if (!summary || !body()) return;
  const texts = body()
    .children.filter((child) => child.type === "paragraph")
    .map((child) => child.getTextLabel({ maxLength: 2 * EXCERPT }));
  const words = texts.join(" ").trim();
  const short = words.length > EXCERPT ? `${words.slice(0, EXCERPT - 1).replace(/\s\S{0,40}$/, "")}…` : words;
  summary.placeholder = short ? say("summaryItself", { words: short }) : "";
}

function showSharedPicture(form) {
  const own = form.elements.namedItem("social_picture");
  const field = own?.closest("[data-field-wrapper], [data-field]");
  if (!field || !body()) return;
  const cover = form.elements.namedItem("cover")?.value && shown(form.querySelector("#id_cover-chooser"));
  const source = cover || firstPicture();
  const box = field.querySelector(".writing-itself") ?? document.createElement("p");
  box.className = "writing-itself";
  box.hidden = Boolean(own.value) || !source;
  if (box.hidden) return;
  const picture = document.createElement("img");
  picture.src = source;
  picture.alt = "";
  box.replaceChildren(say(cover ? "sharedCover" : "sharedFirst"), picture);
  field.append(box);
}

function firstPicture() {
  const pictures = body().children.filter((child) => child.type === "picture");
  return pictures.map((child) => shown(child.element)).find(Boolean);
}

/** Return the address of the picture that a chooser shows, if it shows one. */
function shown(chooser) {
  return chooser?.querySelector("[data-chooser-image]")?.getAttribute("src") ?? "";
}
