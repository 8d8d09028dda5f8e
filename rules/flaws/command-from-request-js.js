const child_process = require("child_process");
const { exec, spawn } = require("child_process");

function run(req, res) {
  // ruleid: command-from-request-js
  exec(req.query.command, (error, out) => res.send(out));
}

function later(req, res) {
  const command = "convert " + req.body.name;
  // ruleid: command-from-request-js
  child_process.execSync(command);
}

function program(req, res) {
  // ruleid: command-from-request-js
  spawn(req.params.tool, ["--version"]);
}

function listed(req, res) {
  if (!isAllowedTool(req.params.tool)) return;
  const tool = req.params.tool;
  assertAllowedTool(tool);
  // ok: command-from-request-js
  spawn(tool, ["--version"]);
}

function argument(req, res) {
  // ok: command-from-request-js
  spawn("convert", [req.body.name]);
}

function constant() {
  // ok: command-from-request-js
  exec("ls", done);
}

function otherFinding(req, res) {
  // ok: command-from-request-js
  exec(`convert ${req.body.name}`, done);
}
