function login(req, res) {
  // ruleid: session-cookie-open-js
  res.cookie("token", makeToken(req.user));
  // ruleid: session-cookie-open-js
  res.cookie("session_id", id, { maxAge: 3600_000 });
  res.end();
}

// ruleid: session-cookie-open-js
app.use(session({ secret: key, cookie: { maxAge: 1000, secure: false } }));

function loginSafely(req, res) {
  // ok: session-cookie-open-js
  res.cookie("token", makeToken(req.user), { httpOnly: true, secure: true, sameSite: "lax" });
  // ok: session-cookie-open-js
  res.cookie("theme", "dark");
  res.end();
}

// ok: session-cookie-open-js
app.use(session({ secret: key, cookie: { secure: true } }));
