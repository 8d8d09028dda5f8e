function finish(token) {
  // ruleid: message-to-any-window-js
  window.opener.postMessage({ type: "login", token }, "*");
}

function answer(frame, session) {
  // ruleid: message-to-any-window-js
  frame.contentWindow.postMessage(JSON.stringify({ sessionId: session.id }), "*");
}

function finishSafely(token) {
  // ok: message-to-any-window-js
  window.opener.postMessage({ type: "login", token }, "https://app.example");
}

function resize(height) {
  // ok: message-to-any-window-js
  window.parent.postMessage({ type: "resize", height }, "*");
}
