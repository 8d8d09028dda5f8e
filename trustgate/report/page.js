"use strict";
// The page is whole without this. It keeps the filters in the address, counts what they leave, folds
// empty files, and opens what a link leads to.
const boxes = [...document.querySelectorAll(".filters input")];
const findings = [...document.querySelectorAll("article")];
const count = document.getElementById("count");

function show() {
  const off = boxes.filter((box) => !box.checked).map((box) => box.id);
  const hidden = (item) => off.some((name) => item.classList.contains(name));
  count.textContent = `${findings.filter((item) => !hidden(item)).length} of ${findings.length} findings and notes are shown.`;
  for (const file of document.querySelectorAll("details.found")) {
    file.hidden = off.length > 0 && [...file.querySelectorAll("article")].every(hidden);
  }
}

function read() {
  if (!location.hash.startsWith("#hide=")) return;
  const off = new Set(location.hash.slice(6).split(","));
  for (const box of boxes) box.checked = !off.has(box.id);
}

function reveal() {
  const part = document.getElementById(location.hash.slice(1));
  if (!part) return;
  for (let fold = part.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  part.scrollIntoView();
}

for (const box of boxes) {
  box.addEventListener("change", () => {
    const off = boxes.filter((other) => !other.checked).map((other) => other.id);
    history.replaceState(null, "", off.length ? `#hide=${off.join(",")}` : "#");
    show();
  });
}
for (const event of ["hashchange", "pageshow"]) {
  addEventListener(event, () => { read(); show(); reveal(); });
}
