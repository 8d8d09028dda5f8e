# ruff: noqa
import os

import jwt
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

app = Flask(__name__)
# ruleid: signing-key-in-code
app.secret_key = "dev"
# ruleid: signing-key-in-code
app.config["SECRET_KEY"] = "change-me"
# ok: signing-key-in-code
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]


def issue(user):
    # ruleid: signing-key-in-code
    return jwt.encode({"sub": user}, "my-secret", algorithm="HS256")


def signer():
    # ruleid: signing-key-in-code
    return URLSafeTimedSerializer("not so secret")


def issue_safely(user, key):
    # ok: signing-key-in-code
    return jwt.encode({"sub": user}, key, algorithm="HS256")


def signer_from_settings(settings):
    # ok: signing-key-in-code
    return URLSafeTimedSerializer(settings.secret_key, salt="mail")
