# ruff: noqa
import random
import secrets
import string
import uuid


def make_token(size):
    # ruleid: random-token
    return "".join(random.choice(string.ascii_letters) for _ in range(size))


def generate_reset_code():
    # ruleid: random-token
    return str(random.randint(100000, 999999))


def new_session_id():
    # ruleid: random-token
    return uuid.uuid1().hex


def make_safe_token():
    # ok: random-token
    return secrets.token_urlsafe(32)


def pick_colour():
    # ok: random-token
    return random.choice(["red", "green"])


def make_password(random_source=random.SystemRandom()):
    # ok: random-token
    return "".join(random_source.choice(string.ascii_letters) for _ in range(20))
