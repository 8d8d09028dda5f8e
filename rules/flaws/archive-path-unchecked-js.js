const fs = require("fs");
const path = require("path");

function unpack(zip, folder) {
  for (const entry of zip.getEntries()) {
    // ruleid: archive-path-unchecked-js
    fs.writeFileSync(path.join(folder, entry.entryName), entry.getData());
  }
}

const storage = multer.diskStorage({
  filename: (req, file, done) => {
    // ruleid: archive-path-unchecked-js
    done(null, file.originalname);
  },
});

function keep(upload) {
  // ruleid: archive-path-unchecked-js
  fs.writeFileSync("/srv/uploads/" + upload.originalname, upload.buffer);
}

function lastPart(zip, folder) {
  for (const entry of zip.getEntries()) {
    // ok: archive-path-unchecked-js
    fs.writeFileSync(path.join(folder, path.basename(entry.entryName)), entry.getData());
  }
}

function inside(zip, folder) {
  for (const entry of zip.getEntries()) {
    const target = path.resolve(folder, entry.entryName);
    if (!target.startsWith(folder + path.sep)) throw new Error(target);
    // ok: archive-path-unchecked-js
    fs.writeFileSync(target, entry.getData());
  }
}
