# ruff: noqa
import asyncio
import shlex
import subprocess

from fastapi import FastAPI
from flask import request

app = FastAPI()


@app.get("/ping")
async def ping(host: str):
    # ruleid: command-from-request
    process = await asyncio.create_subprocess_shell(f"ping -c 1 {host}")
    return await process.wait()


def listing():
    # ruleid: command-from-request
    return subprocess.getoutput("ls " + request.args["folder"])


def tool():
    name = request.json["tool"]
    # ruleid: command-from-request
    return subprocess.run([name, "--version"], capture_output=True)


def through_shell():
    # ruleid: command-from-request
    subprocess.check_call(["/bin/sh", "-c", request.form["line"]])


def split():
    words = shlex.split(request.form["line"])
    # ruleid: command-from-request
    return subprocess.run(words)


def quoted():
    # ok: command-from-request
    return subprocess.getoutput("ls " + shlex.quote(request.args["folder"]))


def one_argument():
    # ok: command-from-request
    return subprocess.run(["convert", "--", request.args["name"]], capture_output=True)


def listed():
    name = request.json["tool"]
    if name not in TOOLS:
        raise ValueError(name)
    # ok: command-from-request
    return subprocess.run([name, "--version"], capture_output=True)
