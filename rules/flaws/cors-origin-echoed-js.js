function allow(req, res, next) {
  // ruleid: cors-origin-echoed-js
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  res.setHeader("Access-Control-Allow-Credentials", "true");
  next();
}

export async function GET(request) {
  const origin = request.headers.get("origin") || "*";
  // ruleid: cors-origin-echoed-js
  return new Response("", { headers: { "Access-Control-Allow-Origin": origin } });
}

function listed(req, res, next) {
  const origin = req.headers.origin;
  if (ORIGINS.includes(origin)) {
    // ok: cors-origin-echoed-js
    res.setHeader("Access-Control-Allow-Origin", origin);
  }
  next();
}

function listedOrFirst(req, res, next) {
  const origin = req.headers.origin;
  // ok: cors-origin-echoed-js
  res.setHeader("Access-Control-Allow-Origin", origin && ORIGINS.includes(origin) ? origin : ORIGINS[0]);
  next();
}

function constant(req, res, next) {
  // ok: cors-origin-echoed-js
  res.setHeader("Access-Control-Allow-Origin", "https://app.example");
  next();
}
