const crypto = require("crypto");
const bcrypt = require("bcrypt");

function store(user, password) {
  // ruleid: password-hashed-fast-js
  user.hash = crypto.createHash("sha256").update(password).digest("hex");
}

async function quick(password) {
  // ruleid: password-hashed-fast-js
  return bcrypt.hash(password, 5);
}

function few(password, salt) {
  // ruleid: password-hashed-fast-js
  return crypto.pbkdf2Sync(password, salt, 1000, 64, "sha512");
}

async function slow(password) {
  // ok: password-hashed-fast-js
  return bcrypt.hash(password, 12);
}

function derived(password, salt) {
  // ok: password-hashed-fast-js
  return crypto.scryptSync(password, salt, 64);
}

function checksum(data) {
  // ok: password-hashed-fast-js
  return crypto.createHash("sha256").update(data).digest("hex");
}
