/** Offering again what was kept in this browser and never reached the server. */

import { isThisPages } from "./autosave.js";
import { copiesOf, dropCopy } from "./copies.js";
import { notice } from "./notices.js";
import { hasArrived, pathOf, say, settings, token } from "./server.js";

// What belongs to the visit in which a text was kept, not to the text.
const NOT_TEXT = /^(csrfmiddlewaretoken|form_id|known_revision_id|action-.*|next)$/;

export async function offerCopies(form) {
  const pathname = pathOf(form);
  // A restored text is shown at an address of its own, which can't be opened again.
  if (location.pathname === new URL(settings.restore, location).pathname) {
    history.replaceState(null, "", pathname);
  }
  for (const copy of await copiesOf(pathname)) {
    if (isThisPages(copy.id)) continue;
    if (copy.sent && (await hasArrived(copy.sent))) dropCopy(copy.id);
    else offer(copy);
  }
}

function offer(copy) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const title = new Map(copy.fields).get("title") || say("untitled");
  notice(say("unsaved", { time: format.format(copy.time), title }), {
    [say("restore")]: () => restore(copy),
    [say("discard")]: () => dropCopy(copy.id),
  });
}

/** Let the server make the form anew with the text in it; saving it then removes the copy. */
function restore(copy) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = settings.restore;
  const fields = copy.fields.filter(([name]) => !NOT_TEXT.test(name));
  const own = { csrfmiddlewaretoken: token(), form_id: copy.id };
  for (const [name, value] of [...Object.entries(own), ...fields]) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
