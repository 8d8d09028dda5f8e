# ruff: noqa
import os
import zipfile
from pathlib import Path


def unpack(data, folder):
    with zipfile.ZipFile(data) as archive:
        for name in archive.namelist():
            # ruleid: archive-path-unchecked
            with open(os.path.join(folder, name), "wb") as out:
                out.write(archive.read(name))


def unpack_with_paths(archive, folder):
    for member in archive.infolist():
        # ruleid: archive-path-unchecked
        (Path(folder) / member.filename).write_bytes(archive.read(member))


def last_part(archive, folder):
    for name in archive.namelist():
        # ok: archive-path-unchecked
        with open(os.path.join(folder, os.path.basename(name)), "wb") as out:
            out.write(archive.read(name))


def inside(archive, folder):
    for name in archive.namelist():
        path = (Path(folder) / name).resolve()
        if not path.is_relative_to(folder):
            raise ValueError(name)
        # ok: archive-path-unchecked
        path.write_bytes(archive.read(name))


def library(archive, folder):
    # ok: archive-path-unchecked
    archive.extractall(folder)
