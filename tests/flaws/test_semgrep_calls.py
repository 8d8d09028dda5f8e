"""Semgrep's core is taken from this installation only, and only in a version that was tried."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trustgate.analyzers.flaws.semgrep_calls import TRIED, core_path
from trustgate.process import ToolMissing


def installed(home: Path, version: str, core: bool = True) -> str:
    info = home / f"semgrep-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: semgrep\nVersion: {version}\n")
    if core:
        (home / "semgrep" / "bin").mkdir(parents=True)
        (home / "semgrep" / "bin" / "semgrep-core").write_text("")
    return str(home)


def test_a_version_that_was_tried(tmp_path: Path) -> None:
    home = installed(tmp_path, f"{TRIED[0]}0")
    assert core_path([home]) == tmp_path / "semgrep" / "bin" / "semgrep-core"


def test_another_version(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"9\.9\.9 was never tried"):
        core_path([installed(tmp_path, "9.9.9")])


@pytest.mark.parametrize("core", [True, False], ids=["nothing installed", "no core in it"])
def test_no_core(tmp_path: Path, core: bool) -> None:
    home = str(tmp_path) if core else installed(tmp_path, f"{TRIED[0]}0", core=False)
    with pytest.raises(ToolMissing, match="no core"):
        core_path([home])


def test_the_second_folder_is_looked_into(tmp_path: Path) -> None:
    home = installed(tmp_path / "b", f"{TRIED[0]}7")
    assert core_path([str(tmp_path / "a"), home]).is_relative_to(tmp_path / "b")


def test_a_repository_that_looks_like_semgrep_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, f"{TRIED[0]}0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        found = core_path()
    except ToolMissing:
        found = None
    assert found is None or not os.path.realpath(found).startswith(os.path.realpath(tmp_path))
