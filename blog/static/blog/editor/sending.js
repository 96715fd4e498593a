/**
 * Publishing, submitting or saving by hand, without leaving the page before its text has arrived.
 *
 * A browser that sends a form forgets it, whatever answers. Here a script sends it, and goes where
 * the server leads once that has taken it.
 */

import { failed, keep, leave, ownVersion, save, waitForAnswer } from "./autosave.js";
import { coming, newId, sent, whoIsHere } from "./server.js";

const SETTLED = 300; // milliseconds: rich text is in the form 250 after it was typed
const LONGEST_SENDING = 60_000;
const LONGEST_SHOWING = 8000;
const DIALOG = ".w-dialog:not([aria-hidden]), .modal.in";
const AUTOSAVED = '[data-controller~="w-autosave"]:not([data-w-autosave-active-value="false"])';
const LEFT = 'input[name="action-workflow-action"], input[name^="workflow-action-"]';

let form = null;
let isUnderWay = false; // from the press of a button until something came of it
let isChecked = false;
let isSending = false;
let isTheBrowsers = false; // sent as forms ordinarily are, which shows the answer
let goOnTyping = null;

export function sendSafely(editedForm) {
  form = editedForm;
  // The first and the last to hear of it: between them, Wagtail and others may hold it back.
  window.addEventListener("submit", check, true);
  window.addEventListener("submit", send);
  window.addEventListener("pageshow", () => setUnderWay(false));
  window.addEventListener("keydown", saveInPlace, true);
  form.addEventListener("click", letThrough, true);
  form.submit = () => form.requestSubmit(); // Wagtail's dialogs would send it unheard
}

/**
 * Leave the writer in the text at Ctrl+S, unless the button for it does more: it tells why it fails.
 *
 * Wagtail would press that of a dialog that isn't open, or one behind the dialog that is.
 */
function saveInPlace(event) {
  const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  if (!isSave || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat) return;
  const dialog = document.querySelector(DIALOG);
  if (!dialog && form.matches(AUTOSAVED) && !form.dataset.failing && !form.inert) save();
  else (dialog ?? form.querySelector("footer"))?.querySelector(".action-save")?.click();
}

/** Keep Wagtail from asking, after a failed save, whether to send at all: `check` finds out. */
function letThrough(event) {
  if (!event.target.closest("[type=submit]")) return;
  const session = document.querySelector('[data-w-session-intercept-value="network"]');
  session?.removeAttribute("data-w-session-intercept-value");
}

/** Begin only with a server that is there and knows the writer, and when the text is whole. */
async function check(event) {
  if (event.target !== form || isChecked || isTheBrowsers) return;
  // Whoever asks for it again after a save that was under way, asks by fields instead of a button.
  const asked = [...new FormData(form, event.submitter)].filter(([name]) => isAct(name));
  if (event.submitter?.name) asked.push([event.submitter.name, event.submitter.value || "1"]);
  event.preventDefault();
  event.stopImmediatePropagation();
  // A text that lies with its reviewers is locked, and taking it back is answered with its form.
  if (asked.some(([name]) => name === "action-cancel-workflow")) {
    setTimeout(letTheBrowser, 0, asked); // a form that is being sent isn't sent within that
    return;
  }
  if (isUnderWay) return;
  // What Wagtail's dialogs leave in the form, the next save would do.
  form.querySelectorAll(LEFT).forEach((field) => field.remove());
  goOnTyping = rememberCaret();
  document.activeElement.blur();
  setUnderWay(true);
  const asking = whoIsHere();
  await Promise.allSettled(coming);
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  const who = await asking;
  if (who !== "here") {
    goOn();
    failed("network_error", who);
    return;
  }
  isChecked = true;
  submitWith(asked);
  isChecked = false;
  if (!isSending) setUnderWay(false); // somebody held it back
}

/** Return what gives the caret back to where it is now; rich text would have it at its beginning. */
function rememberCaret() {
  const typing = document.activeElement;
  const { anchorNode, anchorOffset } = getSelection();
  return () => {
    typing.focus();
    if (typing.isContentEditable && anchorNode?.isConnected) getSelection().collapse(anchorNode, anchorOffset);
  };
}

async function send(event) {
  if (event.target !== form || event.defaultPrevented || isTheBrowsers) return;
  event.preventDefault();
  isSending = true;
  const fields = new FormData(form);
  sent.id = newId();
  delete form.dataset.undone;
  form.dataset.wUnsavedConfirmationValue = "true"; // Wagtail lets go of it with the event
  waitForAnswer();
  const answer = await deliver(fields);
  const place = answer?.headers.get("Location");
  if (place) {
    leave(place);
    return;
  }
  isSending = false;
  if (answer?.ok) {
    sent.id = "";
    await showMistakes(fields);
    return;
  }
  goOn();
  failed(answer ? "server_error" : "network_error");
}

/** Have the form written in and sent again. */
function goOn() {
  setUnderWay(false);
  goOnTyping();
  form.dataset.undone = "true";
  form.dispatchEvent(new Event("sending:failed", { bubbles: true }));
}

/** Post the form; return the answer, or null for none. A redirect comes as 204 with its address. */
function deliver(fields) {
  return fetch(form.action, {
    method: "POST",
    body: fields,
    headers: { "X-Requested-With": "XMLHttpRequest", "Sent-By-Script": sent.id },
    signal: AbortSignal.timeout(LONGEST_SENDING),
  }).catch(() => null);
}

/** Let the browser send what the server has just sent back, as only its own form can show that. */
async function showMistakes(fields) {
  await keep(); // until the text that is given back has been saved
  letTheBrowser([...fields].filter(([name]) => isAct(name)));
  setTimeout(() => setUnderWay(false), LONGEST_SHOWING); // if the answer never came
}

/** Send the form as forms ordinarily are. */
function letTheBrowser(acts) {
  isTheBrowsers = true;
  submitWith(acts);
  isTheBrowsers = false;
}

function isAct(name) {
  return /^(action|workflow)-/.test(name);
}

/** Submit the form with fields in place of the button, which is disabled by now and so not sent. */
function submitWith(acts) {
  const stands = [...acts, ...ownVersion()].map(([name, value]) =>
    Object.assign(document.createElement("input"), { type: "hidden", name, value }),
  );
  form.append(...stands);
  form.requestSubmit();
  stands.forEach((stand) => stand.remove());
}

function setUnderWay(value) {
  isUnderWay = value;
  form.inert = value; // what is typed meanwhile would be in no field that is sent
  if (value) return;
  for (const button of document.querySelectorAll('[data-w-progress-loading-value="true"]')) {
    button.setAttribute("data-w-progress-loading-value", "false");
  }
}
