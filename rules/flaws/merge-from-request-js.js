const _ = require("lodash");

function save(req, res) {
  // ruleid: merge-from-request-js
  _.merge(settings, req.body);
  res.sendStatus(204);
}

function saveOne(req, res) {
  const { path, value } = req.body;
  // ruleid: merge-from-request-js
  _.set(settings, path, value);
  res.sendStatus(204);
}

function fill(req) {
  // ruleid: merge-from-request-js
  return _.defaultsDeep({}, req.query, DEFAULTS);
}

function named(req) {
  // ok: merge-from-request-js
  settings.theme = req.body.theme;
}

function parsed(req) {
  // ok: merge-from-request-js
  _.merge(settings, schema.parse(req.body));
}

function flat(req) {
  // ok: merge-from-request-js
  return { ...DEFAULTS, theme: req.body.theme };
}
