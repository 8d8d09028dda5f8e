# ruff: noqa
import importlib

from flask import request


def plugin():
    # ruleid: import-from-request
    return importlib.import_module(request.args["plugin"])


def action(service):
    # ruleid: import-from-request
    return getattr(service, request.json["action"])()


def handler():
    name = request.form["handler"]
    # ruleid: import-from-request
    return globals()[name]()


def listed(service):
    name = request.json["action"]
    if name not in ("start", "stop"):
        raise ValueError(name)
    # ok: import-from-request
    return getattr(service, name)()


def constant():
    # ok: import-from-request
    return importlib.import_module("app.plugins")


def prefixed(service, method):
    # ok: import-from-request
    return getattr(service, method)()
