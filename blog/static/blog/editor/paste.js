/** Pasting Markdown or a page with several parts: each part becomes a block. */

import { isMarkdown, isMoreThanWords, isOnlyCode, picturesIn } from "./markdown.js";
import { closeNotice, notice } from "./notices.js";
import { awaited, post, say, settings } from "./server.js";
import { blockAround, body, insert, leaveText, makeRoom, remove, textEditor } from "./stream.js";
import { forget, undoable } from "./undoing.js";

const SLOW = 500; // milliseconds until a writer wonders

let isOurs = false; // this module hands a paste on to Draftail
let isPlain = false; // the writer asked for the words alone (Ctrl+Shift+V)

export function listenForPastes() {
  // Before Draftail, which listens on the document.
  window.addEventListener("paste", onPaste, true);
  window.addEventListener("keydown", onKey, true);
}

function onKey(event) {
  const isCommand = event.ctrlKey || event.metaKey;
  isPlain = isCommand && event.shiftKey && event.key.toLowerCase() === "v";
}

function onPaste(event) {
  const child = isOurs ? null : blockAround(event.target);
  const target = event.target.closest?.("[contenteditable=true]");
  if (!target || !textEditor(child)) return;
  const text = event.clipboardData.getData("text/plain");
  const html = event.clipboardData.getData("text/html");
  const kind = kindOf(text, html);
  if (kind !== "too long" && !isPlain) tellOfPictures(picturesIn(html));
  if (!kind) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (kind === "too long") {
    const format = new Intl.NumberFormat(document.documentElement.lang || undefined);
    const [length, most] = [text.length, settings.longest].map((number) => format.format(number));
    notice(say("pasteTooLong", { length, most }), {}, { name: "paste" });
  } else if (kind === "words") {
    pasteAsOne(target, text, "");
  } else {
    awaited(split(child, target, kind, text, html));
  }
}

/** A program's pictures lie where no page may reach, and others' pages would tell who reads them. */
function tellOfPictures(count) {
  if (count) notice(say("picturesNotTaken", { count }), {}, { name: "pictures" });
}

/** Return "html", "markdown", "words", "too long", or "" for what Draftail does well alone. */
function kindOf(text, html) {
  if (text.length > settings.longest) return "too long";
  if (isPlain) return "";
  const isMarked = isMarkdown(text) && (!html || isOnlyCode(html));
  // Word sends megabytes of styles with few words.
  if (html.length > settings.longest) return isMarked ? "markdown" : "words";
  if (isMarked) return "markdown";
  return html && isMoreThanWords(html) ? "html" : "";
}

async function split(child, target, kind, text, html) {
  const slow = setTimeout(() => notice(say("pasting"), {}, { name: "paste" }), SLOW);
  const answer = await blocksOf(kind, kind === "html" ? html : text);
  clearTimeout(slow);
  const blocks = answer.blocks ?? [];
  const isSplit = blocks.some((block) => block.type !== "paragraph");
  closeNotice("paste");
  if (answer.error) notice(`${answer.error} ${say("pasteFailed")}`.trim(), {}, { name: "paste" });
  const isOneText = kind === "html" && blocks.length > 0 && !isSplit;
  const meant = isOneText ? asCopied(blocks[0].value) : (answer.html ?? html);
  if (isSplit && body().children.includes(child)) place(child, blocks, text, meant);
  else pasteAsOne(target, text, meant);
}

async function blocksOf(kind, text) {
  try {
    const answer = await post(settings.paste, { kind, text });
    return answer.ok || answer.status === 422 ? await answer.json() : { error: " " };
  } catch {
    return { error: " " };
  }
}

function place(child, blocks, text, html) {
  leaveText();
  const room = makeRoom(child);
  const added = blocks.map((block, number) => insert(block, room.index + number));
  room.giveWay?.();
  added.at(-1).focus({ soft: true });
  const undo = () => {
    forget();
    leaveText();
    const at = Math.max(0, body().children.indexOf(added[0]));
    added.forEach(remove);
    const editor = textEditor(room.undo?.(at) ?? child);
    editor?.focus();
    return editor;
  };
  const keepAsText = () => {
    const editor = undo();
    // Draftail shows the text that was put back a moment later.
    setTimeout(() => {
      const target = blockOf(editor).element.querySelector("[contenteditable=true]");
      pasteAsOne(target, text, html);
    }, 100);
  };
  const actions = { [say("keepAsText")]: keepAsText };
  forget();
  // Once something is typed, what was pasted is the writer's own: no act takes it back as one.
  undoable(undo, notice(say("pasted", { count: blocks.length }), actions, { name: "paste" }));
}

function blockOf(editor) {
  return body().children.find((child) => textEditor(child) === editor);
}

/** Return a text as Draftail copies it. */
function asCopied(value) {
  const box = document.createElement("div");
  box.setAttribute("data-draftjs-conductor-fragment", value);
  return box.outerHTML;
}

/** Give Draftail the paste that it would have got. */
function pasteAsOne(target, text, html) {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  if (html) clipboardData.setData("text/html", html);
  const options = { clipboardData, bubbles: true, cancelable: true };
  isOurs = true;
  target.dispatchEvent(new ClipboardEvent("paste", options));
  isOurs = false;
}
