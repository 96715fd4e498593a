// Light or dark: the system decides until a reader does, and this host remembers.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem("scheme");
  } catch {
    return null; // storage is closed to pages here
  }
}

function show(scheme) {
  if (scheme) root.dataset.scheme = scheme;
  else delete root.dataset.scheme;
}

function isDark() {
  return (root.dataset.scheme ?? (system.matches ? "dark" : "light")) === "dark";
}

function listen(button) {
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    const scheme = isDark() ? "light" : "dark";
    const asSystem = (scheme === "dark") === system.matches;
    show(asSystem ? null : scheme);
    try {
      if (asSystem) localStorage.removeItem("scheme");
      else localStorage.setItem("scheme", scheme);
    } catch {} // it lasts for this page, then
    tell();
  });
  system.addEventListener("change", tell);
  tell();
  button.classList.add("is-ready");
}

if (!root.dataset.scheme) show(chosen());
const start = () => document.querySelectorAll(".scheme-toggle").forEach(listen);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
