const express = require("express");
const path = require("path");

// ruleid: serves-own-folder-js
app.use(express.static(__dirname));
// ruleid: serves-own-folder-js
app.use("/files", express.static(path.join(__dirname, "..")));

// ok: serves-own-folder-js
app.use(express.static(path.join(__dirname, "public")));
// ok: serves-own-folder-js
app.use(express.static("dist", { index: false }));
