# ruff: noqa
import os
from pathlib import Path

from flask import request, send_file
from werkzeug.utils import safe_join, secure_filename

FOLDER = "/srv/files"


def read():
    # ruleid: path-from-request
    with open(os.path.join(FOLDER, request.args["name"])) as file:
        return file.read()


def send():
    name = request.args.get("name")
    path = f"{FOLDER}/{name}"
    # ruleid: path-from-request
    return send_file(path)


def drop():
    # ruleid: path-from-request
    os.remove(FOLDER + "/" + request.form["name"])


def with_pathlib():
    path = Path(FOLDER) / request.args["name"]
    # ruleid: path-from-request
    return path.read_text()


def upload():
    file = request.files["file"]
    # ruleid: path-from-request
    file.save(os.path.join(FOLDER, file.filename))


def upload_safely():
    file = request.files["file"]
    # ok: path-from-request
    file.save(os.path.join(FOLDER, secure_filename(file.filename)))


def joined_safely():
    # ok: path-from-request
    return send_file(safe_join(FOLDER, request.args["name"]))


def last_part_only():
    # ok: path-from-request
    return open(os.path.join(FOLDER, os.path.basename(request.args["name"])))


def inside():
    path = (Path(FOLDER) / request.args["name"]).resolve()
    if not path.is_relative_to(FOLDER):
        raise ValueError(path)
    # ok: path-from-request
    return path.read_text()


def by_number():
    # ok: path-from-request
    return open(f"{FOLDER}/{int(request.args['number'])}.txt")


def constant():
    # ok: path-from-request
    return open("/srv/files/index.html")


@app.get("/go")
def go(to: UploadFile, times: int):
    # ruleid: path-from-request
    return open("/srv/" + to.filename, "wb").write(to.file.read())
