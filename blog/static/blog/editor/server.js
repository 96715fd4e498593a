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

/**
 * Ask who is signed in: "here", "out", "other", "left" (the form's weblog) or "offline".
 *
 * A sign-in in another tab changes the token, which this brings up to date.
 */
export async function whoIsHere() {
  try {
    const answer = await fetch(settings.session, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 403) return "out";
    if (!answer.ok) return "offline";
    const session = await answer.json();
    if (session.user !== settings.user) return "other";
    if (!session.belongs) return "left";
    document
      .querySelectorAll("[name=csrfmiddlewaretoken]")
      .forEach((input) => (input.value = session.token));
    return "here";
  } catch {
    return "offline";
  }
}
