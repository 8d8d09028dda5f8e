const libxmljs = require("libxmljs");

function read(text) {
  // ruleid: xml-entities-resolved-js
  return libxmljs.parseXml(text, { noent: true });
}

function readWithNetwork(text) {
  // ruleid: xml-entities-resolved-js
  return libxmljs.parseXml(text, { nonet: false, noblanks: true });
}

function usual(text) {
  // ok: xml-entities-resolved-js
  return libxmljs.parseXml(text);
}

function shut(text) {
  // ok: xml-entities-resolved-js
  return libxmljs.parseXml(text, { noent: false, nonet: true });
}
