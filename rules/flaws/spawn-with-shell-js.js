const { spawn, spawnSync } = require("child_process");

function convert(file) {
  // ruleid: spawn-with-shell-js
  return spawn("convert", [file.name, "out.png"], { shell: true });
}

function tag(name) {
  // ruleid: spawn-with-shell-js
  return spawnSync("git", ["tag", `v${name}`], { shell: true, stdio: "inherit" });
}

function plain(file) {
  // ok: spawn-with-shell-js
  return spawn("convert", ["--", file.name, "out.png"]);
}

function constant() {
  // ok: spawn-with-shell-js
  return spawn("npm", ["run", "build"], { shell: true });
}
