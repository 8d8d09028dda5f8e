function hello(req, res) {
  // ruleid: html-from-request-js
  res.send(`<h1>Hello ${req.query.name}</h1>`);
}

function missing(req, res) {
  // ruleid: html-from-request-js
  res.status(404).send("<p>No page " + req.originalUrl + "</p>");
}

export async function GET(request) {
  const name = request.nextUrl.searchParams.get("name");
  // ruleid: html-from-request-js
  return new Response(`<b>${name}</b>`, { headers: { "content-type": "text/html" } });
}

function escaped(req, res) {
  // ok: html-from-request-js
  res.send(`<h1>Hello ${escapeHtml(req.query.name)}</h1>`);
}

function data(req, res) {
  // ok: html-from-request-js
  res.send({ name: req.query.name });
}

function page(req, res) {
  // ok: html-from-request-js
  res.render("hello", { name: req.query.name });
}
