# ruff: noqa
from flask import request


def allow(response):
    # ruleid: cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response.headers["Access-Control-Allow-Credentials"] = "true"
    return response


def allow_in_django(request, response):
    origin = request.META.get("HTTP_ORIGIN")
    # ruleid: cors-origin-echoed
    response["Access-Control-Allow-Origin"] = origin
    return response


def listed(response):
    origin = request.headers.get("Origin")
    if origin in ORIGINS:
        # ok: cors-origin-echoed
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def constant(response):
    # ok: cors-origin-echoed
    response.headers["Access-Control-Allow-Origin"] = "https://app.example"
    return response
