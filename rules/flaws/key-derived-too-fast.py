# ruff: noqa
import hashlib

import bcrypt
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def derive(password, salt):
    # ruleid: key-derived-too-fast
    return hashlib.pbkdf2_hmac("sha256", password, salt, 1000)


def derive_again(algorithm, salt):
    # ruleid: key-derived-too-fast
    return PBKDF2HMAC(algorithm=algorithm, length=32, salt=salt, iterations=4096)


def quick(password):
    # ruleid: key-derived-too-fast
    return bcrypt.hashpw(password, bcrypt.gensalt(rounds=4))


def slow(password, salt):
    # ok: key-derived-too-fast
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def usual(password):
    # ok: key-derived-too-fast
    return bcrypt.hashpw(password, bcrypt.gensalt())
