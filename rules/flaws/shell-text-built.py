# ruff: noqa
import asyncio
import shlex
import subprocess


async def convert(name):
    # ruleid: shell-text-built
    return await asyncio.create_subprocess_shell(f"convert {name} out.png")


def size(path):
    # ruleid: shell-text-built
    return subprocess.getoutput("du -s " + path)


def remote(client, unit):
    # ruleid: shell-text-built
    return client.exec_command("systemctl restart %s" % unit)


def wrapped(line):
    # ruleid: shell-text-built
    subprocess.run(["bash", "-c", f"cd /srv && {line}"], check=True)


def quoted(path):
    # ok: shell-text-built
    return subprocess.getoutput(f"du -s {shlex.quote(path)}")


def constant():
    # ok: shell-text-built
    return subprocess.getoutput("uptime | cut -d, -f1")


def arguments(path):
    # ok: shell-text-built
    return subprocess.run(["du", "-s", path], check=True)
