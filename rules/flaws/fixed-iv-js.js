const crypto = require("crypto");

function seal(key, text) {
  // ruleid: fixed-iv-js
  const cipher = crypto.createCipheriv("aes-256-cbc", key, Buffer.alloc(16, 0));
  return cipher.update(text);
}

function sealAgain(key, text) {
  // ruleid: fixed-iv-js
  return crypto.createCipheriv("aes-256-gcm", key, "0123456789ab").update(text);
}

function fresh(key, text) {
  const iv = crypto.randomBytes(12);
  // ok: fixed-iv-js
  return [iv, crypto.createCipheriv("aes-256-gcm", key, iv).update(text)];
}

function block(key, text) {
  // ok: fixed-iv-js
  return crypto.createCipheriv("aes-256-ecb", key, "").update(text);
}

function open(key, iv, data) {
  // ok: fixed-iv-js
  return crypto.createDecipheriv("aes-256-gcm", key, iv).update(data);
}
