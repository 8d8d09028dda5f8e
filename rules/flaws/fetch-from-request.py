# ruff: noqa
import urllib.request

import httpx
import requests
from flask import request


def proxy():
    url = request.args["url"]
    # ruleid: fetch-from-request
    return requests.get(url, timeout=5).text


def hook():
    data = request.get_json()
    # ruleid: fetch-from-request
    httpx.post(data["callback"], json={})


def any_method():
    # ruleid: fetch-from-request
    return requests.request("GET", f"http://{request.form['host']}/status")


def library():
    # ruleid: fetch-from-request
    return urllib.request.urlopen(request.args["url"])


def keyword(request):
    # ruleid: fetch-from-request
    return requests.get(url=request.GET["url"])


def checked():
    url = request.args["url"]
    check_allowed_host(url)
    # ok: fetch-from-request
    return requests.get(url)


def fixed_host():
    # ok: fetch-from-request
    return requests.get(f"https://api.example/users/{request.args['id']}")


def as_parameter():
    # ok: fetch-from-request
    return requests.get("https://api.example/search", params={"q": request.args["q"]})


def as_body():
    # ok: fetch-from-request
    return httpx.post("https://api.example/items", json=request.get_json())


@app.get("/go")
def go(to: str, times: int):
    # ruleid: fetch-from-request
    return requests.get(to)
