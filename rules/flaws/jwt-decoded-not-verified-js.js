const jwt = require("jsonwebtoken");
const simple = require("jwt-simple");

function user(req) {
  // ruleid: jwt-decoded-not-verified-js
  return jwt.decode(req.headers.authorization.slice(7)).sub;
}

function role(token) {
  // ruleid: jwt-decoded-not-verified-js
  const claims = jwt.decode(token, { json: true });
  return claims.role;
}

function keyId(token) {
  // ok: jwt-decoded-not-verified-js
  return jwt.decode(token, { complete: true }).header.kid;
}

function checked(token, key) {
  // ok: jwt-decoded-not-verified-js
  return jwt.verify(token, key, { algorithms: ["RS256"] });
}

function byKeyId(token, keys) {
  // ok: jwt-decoded-not-verified-js
  const { header } = jwt.decode(token, { complete: true });
  return jwt.verify(token, keys[header.kid], { algorithms: ["RS256"] });
}

function otherLibrary(token, key) {
  // ok: jwt-decoded-not-verified-js
  return simple.decode(token, key);
}
