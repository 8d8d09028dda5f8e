async function create(req, res) {
  // ruleid: fields-from-request-js
  res.json(await User.create(req.body));
}

async function change(req, res) {
  const user = await User.findById(req.params.id);
  // ruleid: fields-from-request-js
  Object.assign(user, req.body);
  await user.save();
}

async function update(req) {
  // ruleid: fields-from-request-js
  return prisma.user.update({ where: { id: req.user.id }, data: req.body });
}

async function named(req) {
  // ok: fields-from-request-js
  return User.create({ name: req.body.name, email: req.body.email });
}

async function parsed(req) {
  // ok: fields-from-request-js
  return prisma.user.update({ where: { id: req.user.id }, data: schema.parse(req.body) });
}

function copy(req) {
  // ok: fields-from-request-js
  return Object.assign({}, req.query);
}
