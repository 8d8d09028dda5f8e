# ruff: noqa
import os
import subprocess


def install():
    # ruleid: download-piped-to-shell
    subprocess.run("curl -fsSL https://get.example.com/install.sh | sh", shell=True, check=True)


def install_as_root():
    # ruleid: download-piped-to-shell
    os.system("wget -qO- https://get.example.com | sudo -E bash -")


def fetch():
    # ok: download-piped-to-shell
    subprocess.run(["curl", "-fsSLo", "install.sh", "https://get.example.com/install.sh"], check=True)


def count():
    # ok: download-piped-to-shell
    subprocess.run("curl -s https://get.example.com | wc -l", shell=True, check=True)
