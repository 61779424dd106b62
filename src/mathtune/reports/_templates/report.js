"use strict";
(() => {
  // Paper cannot be unfolded: what the page folds away of its own words is printed, single problems are not.
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.words:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
  });
  const form = document.querySelector(".filters");
  if (!form) return;
  const flips = [...document.querySelectorAll(".flip")];
  const texts = new Map();
  const text = (flip) => {
    if (!texts.has(flip)) texts.set(flip, flip.textContent.toLowerCase());
    return texts.get(flip);
  };
  const show = () => {
    const wanted = new FormData(form);
    const words = wanted.get("words").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const flip of flips) {
      const fits =
        ["pair", "side", "cell"].every((name) => !wanted.get(name) || flip.dataset[name] === wanted.get(name)) &&
        words.every((word) => text(flip).includes(word));
      flip.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = `${shown} of ${flips.length} shown`;
  };
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
})();
