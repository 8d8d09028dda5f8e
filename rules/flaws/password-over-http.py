# ruff: noqa
import requests


def push(data, key):
    # ruleid: password-over-http
    requests.post("http://api.example.com/v1", json=data, headers={"Authorization": f"Bearer {key}"})


def read(name, password):
    # ruleid: password-over-http
    return requests.get("http://files.example.com/list", auth=(name, password))


def encrypted(name, password):
    # ok: password-over-http
    return requests.get("https://files.example.com/list", auth=(name, password))


def here(name, password):
    # ok: password-over-http
    return requests.get("http://localhost:8080/list", auth=(name, password))


def public():
    # ok: password-over-http
    return requests.get("http://files.example.com/list")
