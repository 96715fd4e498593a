/** What the server told this page, and how it is asked. */

export const settings = JSON.parse(document.getElementById("writing").textContent);

/** Return a sentence with its names in curly brackets filled in. */
export function say(name, values = {}) {
  return settings.sentences[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** Return the token without which the server answers no form. */
export function token() {
  return document.querySelector("form[data-edit-form] [name=csrfmiddlewaretoken]").value;
}

/** Post fields to an address; Wagtail answers such a request with 403 instead of a sign-in form. */
export function post(address, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token());
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(address, {
    method: "POST",
    body,
    headers: { "X-Requested-With": "XMLHttpRequest" },
  });
}

/** Return an id that nobody else has: 32 hexadecimal digits. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for secure addresses alone
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The form that was sent last, as long as its answer is missing, and where the server led then. */
export const sent = { id: "", place: "" };

/** What publishing has to wait for: promises of pastes and pictures on their way into the form. */
export const coming = new Set();

/** Have publishing wait for a promise; return it. */
export function awaited(promise) {
  coming.add(promise);
  promise.finally(() => coming.delete(promise));
  return promise;
}

/**
 * Ask who is signed in: "here", "out", "other", "left" (the form's weblog), "gone" (its page),
 * "barred" (from writing there) or "offline"; "arrived" if the form that was sent last has been taken.
 *
 * A sign-in in another tab changes the token, which this brings up to date.
 */
export async function whoIsHere() {
  try {
    const answer = await askSession(sent.id);
    if (answer.status === 403) return "out";
    if (!answer.ok) return "offline";
    const session = await answer.json();
    if (session.user !== settings.user) return "other";
    if (!session.belongs) return "left";
    document
      .querySelectorAll("[name=csrfmiddlewaretoken]")
      .forEach((input) => (input.value = session.token));
    sent.place = session.place;
    if (session.place) return "arrived";
    if (session.isGone) return "gone";
    return session.mayWrite ? "here" : "barred";
  } catch {
    return "offline";
  }
}

/** Tell whether the server took a form, as far as it remembers. */
export async function hasArrived(id) {
  const answer = await askSession(id).catch(() => null);
  return Boolean(answer?.ok && (await answer.json()).place);
}

/** Return the path of a page's form, also where the form shows the page as it once was. */
export function pathOf(form) {
  return new URL(form.action).pathname.replace(/revisions\/\d+\/revert\/$/, "edit/");
}

function askSession(id) {
  const path = pathOf(document.querySelector("form[data-edit-form]"));
  const page = path.match(/\/pages\/(\d+)\/edit\//)?.[1] ?? "";
  return fetch(`${settings.session}&page=${page}&sent=${id}`, {
    headers: { "X-Requested-With": "XMLHttpRequest" },
    signal: AbortSignal.timeout(8000),
  });
}
