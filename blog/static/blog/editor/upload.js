/** Sending a picture to the weblog's library, through the form that Wagtail's chooser uses. */

import { post, say, settings, token, whoIsHere } from "./server.js";

/** Refused with a reason that a writer understands. */
export class Refused extends Error {}

/**
 * Store a file; return what a chooser shows of a picture.
 *
 * @param onProgress is told the part that was sent, from 0 to 1.
 * @throws Refused
 */
export async function upload(file, onProgress) {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token());
  form.set("image-chooser-upload-title", title(file));
  form.set("image-chooser-upload-file", file);
  if (settings.collection) form.set("image-chooser-upload-collection", settings.collection);
  const answer = await send(form, onProgress);
  if (answer.step === "chosen") return answer.result;
  const page = new DOMParser().parseFromString(answer.htmlFragment ?? "", "text/html");
  if (answer.step === "duplicate_found") return existing(page);
  const errors = [...page.querySelectorAll(".error-message, .messages .error")];
  const reason = errors.map((error) => error.textContent.trim()).filter(Boolean);
  throw new Refused(reason.join(" ") || say("refused"));
}

function title(file) {
  const name = file.name.replace(/\.[^.]+$/, "").replaceAll(/[-_]+/g, " ").trim();
  return (name || "picture").slice(0, 250);
}

function send(form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", settings.upload);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Refused(say("noConnection")));
    request.onload = async () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Refused(await reasonFor(request.status)));
    };
    request.send(form);
  });
}

async function reasonFor(status) {
  if (status === 413) return say("tooLarge");
  if (status === 403) {
    const reasons = { out: "signedOutReason", left: "leftReason" };
    return say(reasons[await whoIsHere()] ?? "notAllowed");
  }
  return say("refused");
}

/** Use the same picture that the library has already, and take the second one out again. */
async function existing(page) {
  const [older, newer] = ["existing", "new"].map((kind) =>
    page.querySelector(`.use-${kind}-image`)?.getAttribute("href"),
  );
  let answer = older && (await post(older, {}).catch(() => null));
  if (!answer?.headers.get("Content-Type")?.includes("json")) answer = await fetch(newer);
  return (await answer.json()).result;
}
