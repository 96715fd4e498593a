/** Pictures that are pasted or dropped into the text, which ask for their words in place. */

import { sentence } from "./notices.js";
import { awaited, say } from "./server.js";
import { blockAround, body, insert, makeRoom, putCaretNear, textEditor } from "./stream.js";
import { Refused, upload } from "./upload.js";

export function listenForPictures() {
  // Before Draftail and the rest of the page, which know nothing of files.
  window.addEventListener("paste", onPaste, true);
  window.addEventListener("dragover", onDragOver, true);
  window.addEventListener("dragleave", () => mark(null), true);
  window.addEventListener("drop", onDrop, true);
}

function onPaste(event) {
  const files = [...event.clipboardData.files];
  // Word and Excel put a picture of the text beside the text.
  const hasWords = event.clipboardData.getData("text/plain").trim();
  const child = blockAround(event.target);
  if (!files.length || hasWords || !child) return;
  claim(event);
  awaited(take(files, makeRoom(child).index));
}

function onDragOver(event) {
  const isFiles = event.dataTransfer?.types.includes("Files");
  const inBody = isFiles && body()?.element.contains(event.target);
  mark(inBody ? blockAt(event) : null, event);
  if (!inBody) return;
  claim(event);
  event.dataTransfer.dropEffect = "copy";
}

function onDrop(event) {
  mark(null);
  if (!event.dataTransfer?.files.length || !body()?.element.contains(event.target)) return;
  claim(event);
  awaited(take([...event.dataTransfer.files], indexAt(event)));
}

function claim(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function blockAt(event) {
  return blockAround(event.target) ?? body().children.find((child) => isBelow(child, event.clientY));
}

function isBelow(child, y) {
  const { top, height } = child.element.getBoundingClientRect();
  return y < top + height / 2;
}

/** Return where blocks go that are dropped at a point; a text is divided between its lines. */
function indexAt(event) {
  const child = blockAround(event.target);
  if (textEditor(child)) {
    putCaretNear(child, event.clientY);
    return makeRoom(child).index;
  }
  const below = body().children.findIndex((each) => isBelow(each, event.clientY));
  return below < 0 ? body().children.length : below;
}

/** Draw a line where a drop would land. */
function mark(child, event) {
  document.querySelectorAll(".writing-drop").forEach((old) => {
    old.classList.remove("writing-drop", "writing-drop--after");
  });
  if (!child) return;
  child.element.classList.add("writing-drop");
  child.element.classList.toggle("writing-drop--after", !isBelow(child, event.clientY));
}

/** Store files one after the other, each shown at its place until its block is there. */
async function take(files, index) {
  const cards = files.map(() => document.createElement("div"));
  cards.forEach((box) => (box.className = "writing-upload"));
  body().inserters[index].element.after(...cards);
  const active = document.activeElement;
  let first = null;
  for (const [number, file] of files.entries()) {
    const child = await fill(cards[number], file);
    first ??= child;
  }
  if (first && [active, document.body].includes(document.activeElement)) ask(first);
}

/** Tell whether a file may be a picture; not every system knows what HEIC is. */
function isPicture({ name, type }) {
  return type.startsWith("image/") || /\.heic$/i.test(name);
}

async function fill(box, file) {
  const progress = document.createElement("progress");
  box.replaceChildren(sentence(say("uploading", { name: file.name }), {}), progress);
  box.setAttribute("role", "status");
  try {
    if (!isPicture(file)) throw new Refused(say("notAPicture"));
    const chosen = await upload(file, (part) => (progress.value = part));
    const child = insert({ type: "picture", value: stateWith(chosen) }, placeOf(box));
    box.remove();
    words(child)?.setAttribute("placeholder", say("describe"));
    return child;
  } catch (error) {
    const reason = error instanceof Refused ? error.message : say("refused");
    fail(box, file, reason);
    return null;
  }
}

function fail(box, file, reason) {
  const actions = {};
  if (isPicture(file)) {
    actions[say("retry")] = async () => ask(await awaited(fill(box, file)));
  }
  actions[say("dismiss")] = () => box.remove();
  box.setAttribute("role", "alert");
  box.replaceChildren(sentence(say("uploadFailed", { name: file.name, reason }), actions));
}

/** Return the index of a block that takes the place of a card. */
function placeOf(box) {
  const isBefore = (child) =>
    box.compareDocumentPosition(child.element) & Node.DOCUMENT_POSITION_PRECEDING;
  return body().children.filter(isBefore).length;
}

/** Return the state of an empty picture block with a picture in it. */
function stateWith(chosen) {
  const state = structuredClone(body().blockDef.initialChildStates.picture);
  state.image = { ...state.image, image: chosen };
  return state;
}

/** Return the input for the words that stand for a picture. */
function words(child) {
  return child?.element.querySelector('[name$="-alt_text"]') ?? null;
}

/** Put the caret where a picture's words go, clear of the bar with the button that publishes. */
function ask(child) {
  words(child)?.focus();
  words(child)?.scrollIntoView({ block: "center" });
}
