const express = require("express");
const app = express();

app.get("/go", (req, res) => {
  // ruleid: redirect-from-request-js
  res.redirect(req.query.to);
});

app.get("/login", (req, res) => {
  const { next } = req.query;
  // ruleid: redirect-from-request-js
  res.redirect(302, next || "/");
});

app.get("/site", (req, res) => {
  // ruleid: redirect-from-request-js
  res.redirect(`https://${req.params.host}`);
});

app.get("/checked", (req, res) => {
  const target = req.query.to;
  if (!isAllowedTarget(target)) return res.sendStatus(400);
  // ok: redirect-from-request-js
  res.redirect(target);
});

app.get("/cleaned", (req, res) => {
  // ok: redirect-from-request-js
  res.redirect(safeTarget(req.query.to));
});

app.get("/order", (req, res) => {
  // ok: redirect-from-request-js
  res.redirect(`/orders/${req.params.id}`);
});

app.get("/search", (req, res) => {
  // ok: redirect-from-request-js
  res.redirect("https://search.example/?q=" + req.query.q);
});

app.get("/done", (req, res) => {
  // ok: redirect-from-request-js
  res.redirect("/done");
});
