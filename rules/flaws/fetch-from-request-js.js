const axios = require("axios");

async function proxy(req, res) {
  // ruleid: fetch-from-request-js
  const answer = await fetch(req.query.url);
  res.send(await answer.text());
}

async function hook(req) {
  const { callback } = req.body;
  // ruleid: fetch-from-request-js
  await axios.post(callback, { ok: true });
}

async function host(req) {
  // ruleid: fetch-from-request-js
  return axios.get(`http://${req.params.host}/status`);
}

async function fixed(req) {
  // ok: fetch-from-request-js
  return axios.get(`https://api.example/users/${req.params.id}`);
}

async function parameter(req) {
  // ok: fetch-from-request-js
  return axios.get("https://api.example/search", { params: { q: req.query.q } });
}

async function body(req) {
  // ok: fetch-from-request-js
  return fetch("https://api.example/items", { method: "POST", body: req.body });
}

async function checked(req) {
  const url = req.query.url;
  await assertAllowedHost(url);
  // ok: fetch-from-request-js
  return fetch(url);
}
