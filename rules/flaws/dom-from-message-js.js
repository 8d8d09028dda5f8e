window.addEventListener("message", (event) => {
  // ruleid: dom-from-message-js
  document.getElementById("box").innerHTML = event.data.html;
});

window.addEventListener("message", function (event) {
  const target = event.data.url;
  // ruleid: dom-from-message-js
  window.location.href = target;
});

window.addEventListener("message", (event) => {
  // ok: dom-from-message-js
  document.getElementById("box").textContent = event.data.text;
});

window.addEventListener("message", (event) => {
  // ok: dom-from-message-js
  box.innerHTML = DOMPurify.sanitize(event.data.html);
});
