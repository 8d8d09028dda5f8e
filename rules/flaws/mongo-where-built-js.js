async function rich(accounts, amount) {
  // ruleid: mongo-where-built-js
  return accounts.find({ $where: `this.balance > ${amount}` });
}

async function named(Account, name) {
  // ruleid: mongo-where-built-js
  return Account.find().$where("this.name == '" + name + "'");
}

async function plain(accounts, amount) {
  // ok: mongo-where-built-js
  return accounts.find({ balance: { $gt: amount } });
}

async function constant(accounts) {
  // ok: mongo-where-built-js
  return accounts.find({ $where: "this.balance > this.limit" });
}
