async function find(pool, name) {
  const sql = `SELECT * FROM users WHERE name = '${name}'`;
  // ruleid: sql-text-built-js
  return pool.query(sql);
}

async function remove(db, id) {
  // ruleid: sql-text-built-js
  await db.query("DELETE FROM users WHERE id = " + id);
}

async function raw(prisma, name) {
  // ruleid: sql-text-built-js
  return prisma.$queryRawUnsafe(`SELECT * FROM users WHERE name = '${name}'`);
}

async function placeholder(pool, name) {
  // ok: sql-text-built-js
  return pool.query("SELECT * FROM users WHERE name = $1", [name]);
}

async function table(pool, table) {
  const sql = `SELECT count(*) FROM ${table}`;
  // ok: sql-text-built-js
  return pool.query(sql);
}

async function tagged(prisma, name) {
  // ok: sql-text-built-js
  return prisma.$queryRaw`SELECT * FROM users WHERE name = ${name}`;
}
