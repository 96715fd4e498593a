/**
 * Copies of text that the server hasn't got, kept in this browser for a week.
 *
 * They are sealed with a key that the server gives to the signed-in writer alone, so that
 * whoever uses the browser next can't read them.
 */

import { settings } from "./server.js";

const WEEK = 7 * 24 * 3600 * 1000; // milliseconds

let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("writing", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("copies", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function ask(mode, question) {
  const store = (await database()).transaction("copies", mode).objectStore("copies");
  const request = question(store);
  return new Promise((resolve, reject) => {
    store.transaction.oncomplete = () => resolve(request.result);
    store.transaction.onerror = store.transaction.onabort = () => reject(request.error);
  });
}

function key() {
  const raw = Uint8Array.from(atob(settings.key), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * Keep the fields of a form (pairs of name and value); tell whether that worked.
 *
 * With `sent`, the id under which they are on their way to the server.
 */
export async function keepCopy(id, path, fields, sent) {
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const words = new TextEncoder().encode(JSON.stringify(fields));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), words);
    const copy = { id, path, sent, user: settings.user, time: Date.now(), iv, sealed };
    await ask("readwrite", (store) => store.put(copy));
    return true;
  } catch {
    return false; // a private window, a full disk, or an address without HTTPS
  }
}

export async function dropCopy(id) {
  await ask("readwrite", (store) => store.delete(id)).catch(() => {});
}

/** Return this writer's copies of the form at a path, oldest first; old ones are forgotten. */
export async function copiesOf(path) {
  const all = await ask("readonly", (store) => store.getAll()).catch(() => []);
  const isOld = ({ time }) => time < Date.now() - WEEK;
  await Promise.all(all.filter(isOld).map(({ id }) => dropCopy(id)));
  const mine = all.filter(
    (copy) => !isOld(copy) && copy.path === path && copy.user === settings.user,
  );
  const opened = await Promise.all(mine.map(open));
  return opened.filter(Boolean).sort((one, other) => one.time - other.time);
}

async function open({ id, sent, time, iv, sealed }) {
  try {
    const words = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), sealed);
    return { id, sent, time, fields: JSON.parse(new TextDecoder().decode(words)) };
  } catch {
    return null; // sealed with a key that the server no longer has
  }
}
