"use strict";
// The page is whole without this. It keeps the filters in the address, counts what they leave, and folds empty files.
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

for (const box of boxes) {
  box.addEventListener("change", () => {
    const off = boxes.filter((other) => !other.checked).map((other) => other.id);
    history.replaceState(null, "", off.length ? `#hide=${off.join(",")}` : "#");
    show();
  });
}
addEventListener("hashchange", () => { read(); show(); });
addEventListener("pageshow", () => { read(); show(); });
