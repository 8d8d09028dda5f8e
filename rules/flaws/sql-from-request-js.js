async function find(req, res) {
  const sql = "SELECT * FROM pages WHERE title = '" + req.query.title + "'";
  // ruleid: sql-from-request-js
  res.json(await pool.query(sql));
}

async function drop(req, res) {
  // ruleid: sql-from-request-js
  await db.query("DELETE FROM pages WHERE id = " + req.params.id);
}

async function raw(req) {
  // ruleid: sql-from-request-js
  return prisma.$queryRawUnsafe(`SELECT * FROM pages WHERE id = ${req.params.id}`);
}

async function ordered(req) {
  // ruleid: sql-from-request-js
  return knex("pages").orderByRaw(req.query.order);
}

async function placeholder(req, res) {
  // ok: sql-from-request-js
  res.json(await pool.query("SELECT * FROM pages WHERE title = $1", [req.query.title]));
}

async function number(req) {
  // ok: sql-from-request-js
  return db.query("SELECT * FROM pages LIMIT " + Number(req.query.limit));
}

async function listed(req) {
  const order = req.query.order;
  if (!COLUMNS.includes(order)) throw new Error(order);
  // ok: sql-from-request-js
  return knex("pages").orderByRaw(order);
}

async function tagged(req) {
  // ok: sql-from-request-js
  return prisma.$queryRaw`SELECT * FROM pages WHERE id = ${req.params.id}`;
}
