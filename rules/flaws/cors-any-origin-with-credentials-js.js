const cors = require("cors");

// ruleid: cors-any-origin-with-credentials-js
app.use(cors({ origin: true, credentials: true }));
// ruleid: cors-any-origin-with-credentials-js
app.use(cors({ credentials: true, methods: ["GET"], origin: (origin, done) => done(null, true) }));
// ruleid: cors-any-origin-with-credentials-js
nest.enableCors({ origin: true, credentials: true });

// ok: cors-any-origin-with-credentials-js
app.use(cors({ origin: ["https://app.example"], credentials: true }));
// ok: cors-any-origin-with-credentials-js
app.use(cors({ origin: true }));
// ok: cors-any-origin-with-credentials-js
app.use(cors());
