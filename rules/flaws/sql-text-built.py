# ruff: noqa
import pandas as pd
from sqlalchemy import text


def find(session, name):
    query = text(f"SELECT * FROM users WHERE name = '{name}'")
    # ruleid: sql-text-built
    return session.execute(query)


def frame(link, day):
    # ruleid: sql-text-built
    return pd.read_sql("SELECT * FROM visits WHERE day = '%s'" % day, link)


async def row(pool, number):
    # ruleid: sql-text-built
    return await pool.fetchrow(f"SELECT * FROM visits WHERE id = {number}")


def bound(session, name):
    # ok: sql-text-built
    return session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name})


def elsewhere(db, name):
    query = "SELECT * FROM users WHERE name = '%s'" % name
    # ruleid: sql-text-built
    return db.execute(query)


def constant(session):
    query = text(f"SELECT * FROM users WHERE kind = '{Kind.ADMIN}'")
    # ok: sql-text-built
    return session.execute(query)


def table(session):
    query = text(f"SELECT count(*) FROM {TABLE}")
    # ok: sql-text-built
    return session.execute(query)


async def placeholder(pool, number):
    # ok: sql-text-built
    return await pool.fetchrow("SELECT * FROM visits WHERE id = $1", number)
