function makeToken() {
  // ruleid: random-token-js
  return Math.random().toString(36).slice(2);
}

const newSessionId = () => {
  // ruleid: random-token-js
  return "s" + Math.floor(Math.random() * 1e16);
};

function makeSafeToken() {
  // ok: random-token-js
  return crypto.randomBytes(32).toString("hex");
}

function pickColour() {
  // ok: random-token-js
  return COLOURS[Math.floor(Math.random() * COLOURS.length)];
}
