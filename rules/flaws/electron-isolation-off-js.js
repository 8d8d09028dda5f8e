const { BrowserWindow } = require("electron");

function open() {
  // ruleid: electron-isolation-off-js
  return new BrowserWindow({ width: 800, webPreferences: { nodeIntegration: true } });
}

function openLoose() {
  // ruleid: electron-isolation-off-js
  return new BrowserWindow({ webPreferences: { preload, contextIsolation: false } });
}

function usual() {
  // ok: electron-isolation-off-js
  return new BrowserWindow({ width: 800, webPreferences: { preload } });
}

function shut() {
  // ok: electron-isolation-off-js
  return new BrowserWindow({ webPreferences: { nodeIntegration: false, contextIsolation: true } });
}
