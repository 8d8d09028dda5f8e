// ruleid: signing-key-with-default-js
const secret = process.env.JWT_SECRET || "supersecret";
// ruleid: signing-key-with-default-js
const options = { secret: process.env.SESSION_SECRET ?? "keyboard cat" };
// ruleid: signing-key-with-default-js
const key = process.env["APP_ENCRYPTION_KEY"] || "0123456789abcdef";

// ok: signing-key-with-default-js
const required = process.env.JWT_SECRET;
// ok: signing-key-with-default-js
const empty = process.env.JWT_SECRET || "";
// ok: signing-key-with-default-js
const name = process.env.SERVICE_NAME || "api";
// ok: signing-key-with-default-js
const file = process.env.PRIVATE_KEY || "/run/secrets/key.pem";
