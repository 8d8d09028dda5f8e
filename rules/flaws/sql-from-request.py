# ruff: noqa
from flask import request
from sqlalchemy import select, text


def search(db):
    query = "SELECT * FROM pages WHERE title = '%s'" % request.args["title"]
    # ruleid: sql-from-request
    return db.execute(query).fetchall()


def ordered(db):
    sql = "SELECT * FROM pages ORDER BY " + request.args.get("order", "id")
    # ruleid: sql-from-request
    return db.execute(sql)


def by_text(session):
    query = text("SELECT * FROM pages WHERE id = " + request.args["id"])
    # ruleid: sql-from-request
    return session.execute(query)


class Handler(RequestHandler):
    def get(self):
        sql = f"DELETE FROM pages WHERE id = {self.get_argument('id')}"
        # ruleid: sql-from-request
        self.db.execute(sql)


def placeholder(db):
    query = "SELECT * FROM pages WHERE title = %s"
    # ok: sql-from-request
    return db.execute(query, (request.args["title"],))


def number(db):
    sql = f"SELECT * FROM pages LIMIT {int(request.args['limit'])}"
    # ok: sql-from-request
    return db.execute(sql)


def expression(session):
    query = select(Page).where(Page.title == request.args["title"])
    # ok: sql-from-request
    return session.execute(query)


def listed(db):
    order = request.args.get("order", "id")
    if order not in COLUMNS:
        order = "id"
    # ok: sql-from-request
    return db.execute("SELECT * FROM pages ORDER BY " + order)
