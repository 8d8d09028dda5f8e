const session = require("express-session");
const jwt = require("jsonwebtoken");

// ruleid: signing-key-in-code-js
app.use(session({ secret: "keyboard cat", resave: false }));

function issue(user) {
  // ruleid: signing-key-in-code-js
  return jwt.sign({ sub: user.id }, "my-secret", { expiresIn: "1h" });
}

function check(token) {
  // ruleid: signing-key-in-code-js
  return jwt.verify(token, "my-secret");
}

// ok: signing-key-in-code-js
app.use(session({ secret: process.env.SESSION_SECRET, resave: false }));

function issueSafely(user, key) {
  // ok: signing-key-in-code-js
  return jwt.sign({ sub: user.id }, key, { expiresIn: "1h" });
}
