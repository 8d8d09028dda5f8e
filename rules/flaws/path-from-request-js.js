const fs = require("fs");
const path = require("path");

function read(req, res) {
  // ruleid: path-from-request-js
  fs.readFile(path.join(ROOT, req.params.name), (error, data) => res.send(data));
}

function send(req, res) {
  const name = req.query.name;
  // ruleid: path-from-request-js
  res.sendFile(`${ROOT}/${name}`);
}

function drop(req, res) {
  // ruleid: path-from-request-js
  fs.unlinkSync(ROOT + "/" + req.body.name);
}

function below(req, res) {
  // ok: path-from-request-js
  res.sendFile(req.params.name, { root: ROOT });
}

function last(req, res) {
  // ok: path-from-request-js
  fs.readFile(path.join(ROOT, path.basename(req.params.name)), done);
}

function inside(req, res) {
  const file = path.resolve(ROOT, req.params.name);
  if (!file.startsWith(ROOT + path.sep)) return res.sendStatus(400);
  // ok: path-from-request-js
  res.sendFile(file);
}

function constant(req, res) {
  // ok: path-from-request-js
  fs.readFile("/srv/index.html", done);
}
