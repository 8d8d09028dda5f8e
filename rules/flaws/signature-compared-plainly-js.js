const crypto = require("crypto");

function check(key, body, sent) {
  const made = crypto.createHmac("sha256", key).update(body).digest("hex");
  // ruleid: signature-compared-plainly-js
  return made === sent;
}

function refuse(key, body, sent) {
  // ruleid: signature-compared-plainly-js
  if (sent !== "sha256=" + crypto.createHmac("sha256", key).update(body).digest("hex")) {
    throw new Error("signature");
  }
}

function inConstantTime(key, body, sent) {
  const made = crypto.createHmac("sha256", key).update(body).digest();
  // ok: signature-compared-plainly-js
  return made.length === sent.length && crypto.timingSafeEqual(made, sent);
}

function make(key, body) {
  // ok: signature-compared-plainly-js
  return crypto.createHmac("sha256", key).update(body).digest("hex");
}
