// What scripts add to a page that works without them: copying code, looking closely, playing films.
const words = document.querySelector("script[data-copy]").dataset;

for (const pre of document.querySelectorAll("figure.code pre")) {
  const button = Object.assign(document.createElement("button"), {
    className: "copy",
    type: "button",
    textContent: words.copy,
  });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(pre.innerText);
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
  });
  pre.after(button);
}

for (const link of document.querySelectorAll("a[data-frame]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = link.dataset.title;
    frame.allow = "autoplay; fullscreen; encrypted-media";
    frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";
    frame.src = link.dataset.frame;
    link.replaceWith(frame);
    frame.focus();
  });
}

const photos = [...document.querySelectorAll("a.photo__link")];
if (photos.length) {
  let shown = 0;
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const picture = document.createElement("img");
  const caption = document.createElement("p");
  const button = (name, sign, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.ariaLabel = name;
    made.addEventListener("click", act);
    return made;
  };
  const show = (number) => {
    shown = (number + photos.length) % photos.length;
    const inside = photos[shown].querySelector("img");
    picture.src = photos[shown].href;
    picture.alt = dialog.ariaLabel = inside.alt;
    caption.textContent = photos[shown].closest("figure").querySelector("figcaption")?.innerText ?? "";
  };
  const back = button(words.back, "‹", () => show(shown - 1));
  const on = button(words.on, "›", () => show(shown + 1));
  const close = button(words.close, "×", () => dialog.close());
  close.className = "lightbox__close";
  back.hidden = on.hidden = photos.length < 2;
  dialog.append(back, picture, on, caption, close);
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(shown + (document.documentElement.dir === "rtl" ? -step : step));
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // The dialog gives the focus back by itself.
  photos.forEach((link, number) =>
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(number);
      dialog.showModal();
    }),
  );
}
