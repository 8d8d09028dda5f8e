# ruff: noqa
import hashlib
import os

from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def derive(password):
    # ruleid: fixed-salt
    return hashlib.pbkdf2_hmac("sha256", password, b"salt", 600_000)


def derive_again(algorithm):
    # ruleid: fixed-salt
    return PBKDF2HMAC(algorithm=algorithm, length=32, salt=b"my-app", iterations=600_000)


def fresh(password):
    salt = os.urandom(16)
    # ok: fixed-salt
    return salt + hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def stored(password, row):
    # ok: fixed-salt
    return hashlib.scrypt(password, salt=row.salt, n=2**14, r=8, p=1)
