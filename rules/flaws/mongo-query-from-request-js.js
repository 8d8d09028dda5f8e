async function search(req, res) {
  // ruleid: mongo-query-from-request-js
  res.json(await users.find(req.body).toArray());
}

async function one(req, res) {
  const query = req.query;
  // ruleid: mongo-query-from-request-js
  res.json(await User.findOne(query));
}

async function clear(req) {
  // ruleid: mongo-query-from-request-js
  await users.deleteMany(req.body.filter);
}

async function code(req) {
  // ruleid: mongo-query-from-request-js
  return users.find({ $where: `this.name == '${req.query.name}'` });
}

async function field(req) {
  // ok: mongo-query-from-request-js
  return users.findOne({ name: String(req.body.name) });
}

async function byId(req) {
  // ok: mongo-query-from-request-js
  return User.findById(req.params.id);
}

async function parsed(req) {
  // ok: mongo-query-from-request-js
  return users.find(schema.parse(req.body));
}

function inList(list, req) {
  // ok: mongo-query-from-request-js
  return list.find((item) => item.id === req.params.id);
}
