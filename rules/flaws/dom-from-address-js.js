function greet(node) {
  const name = new URLSearchParams(window.location.search).get("name");
  // ruleid: dom-from-address-js
  node.innerHTML = `Hello ${name}`;
}

function tab() {
  // ruleid: dom-from-address-js
  document.write("<p>" + decodeURIComponent(location.hash.slice(1)) + "</p>");
}

function notice(node) {
  // ruleid: dom-from-address-js
  node.insertAdjacentHTML("beforeend", "<i>" + document.referrer + "</i>");
}

function text(node) {
  // ok: dom-from-address-js
  node.textContent = new URLSearchParams(location.search).get("name");
}

function cleaned(node) {
  // ok: dom-from-address-js
  node.innerHTML = DOMPurify.sanitize(location.hash.slice(1));
}

function own(node, items) {
  // ok: dom-from-address-js
  node.innerHTML = items.map(render).join("");
}
