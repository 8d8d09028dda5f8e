# ruff: noqa
import hashlib
import hmac


def check(key, body, sent):
    made = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ruleid: signature-compared-plainly
    return made == sent


def refuse(key, body, sent):
    # ruleid: signature-compared-plainly
    if sent != "sha256=" + hmac.new(key, body, "sha256").hexdigest():
        raise PermissionError


def in_constant_time(key, body, sent):
    made = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ok: signature-compared-plainly
    return hmac.compare_digest(made, sent)


def size(key, body):
    # ok: signature-compared-plainly
    return len(hmac.digest(key, body, "sha256")) == 32
