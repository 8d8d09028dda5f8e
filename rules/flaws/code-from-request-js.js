const vm = require("vm");

function run(req, res) {
  // ruleid: code-from-request-js
  res.json(vm.runInNewContext(req.body.expression, {}));
}

function plugin(req, res) {
  // ruleid: code-from-request-js
  const it = require("./plugins/" + req.params.name);
  res.json(it.run());
}

function page(req, res) {
  // ruleid: code-from-request-js
  res.send(ejs.render(req.body.template, {}));
}

function fixed(req, res) {
  // ok: code-from-request-js
  res.send(ejs.render(TEMPLATE, { name: req.query.name }));
}

function listed(req, res) {
  const name = req.params.name;
  if (!PLUGINS.includes(name)) return res.sendStatus(404);
  // ok: code-from-request-js
  const it = require("./plugins/" + name);
  res.json(it.run());
}
