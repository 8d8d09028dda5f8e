# ruff: noqa
import hashlib

import bcrypt


def store(user, password):
    # ruleid: password-hashed-fast
    user.hash = hashlib.sha256(password.encode()).hexdigest()


def salted(salt, password):
    # ruleid: password-hashed-fast
    return hashlib.sha512(salt + password.encode("utf-8")).hexdigest()


def slow(password, salt):
    # ok: password-hashed-fast
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def long_password(password):
    # ok: password-hashed-fast
    return bcrypt.hashpw(hashlib.sha256(password.encode()).digest(), bcrypt.gensalt())


def checksum(data):
    # ok: password-hashed-fast
    return hashlib.sha256(data).hexdigest()
