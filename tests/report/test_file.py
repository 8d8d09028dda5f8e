"""Report files: whole, atomic, and never through a link (threat T-L04)."""

from pathlib import Path

import pytest

from trustgate.errors import UsageError
from trustgate.report.file import write_report


@pytest.fixture
def repo(tmp_path, monkeypatch):
    folder = tmp_path / "repo"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_writes_and_overwrites(repo):
    for text in ("one", "two\udcff"):
        assert write_report(Path("out.json"), text) == (repo / "out.json").resolve()
    assert (repo / "out.json").read_text() == "two\\udcff"
    assert [file.name for file in repo.iterdir()] == ["out.json"]


def test_a_linked_folder_outside_of_the_repository_is_the_users_own(repo, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_report(tmp_path / "link" / "out.json", "x", repository=repo, inside=False)
    assert (tmp_path / "real" / "out.json").read_text() == "x"


@pytest.mark.parametrize("absolute", [False, True])
def test_refuses_a_link(repo, absolute):
    (repo / "trustgate.toml").write_text("kept")
    (repo / "out.sarif").symlink_to("trustgate.toml")
    with pytest.raises(UsageError, match="symbolic link"):
        write_report((repo if absolute else Path()) / "out.sarif", "x")
    assert (repo / "trustgate.toml").read_text() == "kept"


def test_refuses_a_dangling_link(repo):
    (repo / "out.sarif").symlink_to("absent")
    with pytest.raises(UsageError, match="symbolic link"):
        write_report(Path("out.sarif"), "x")
    assert not (repo / "absent").exists()


def test_refuses_a_linked_folder_of_the_repository(repo, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (repo / "reports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="symbolic link"):
        write_report(Path("reports/out.json"), "x")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="symbolic link"):
        write_report(repo / "reports" / "out.json", "x", repository=repo)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_refuses_the_inside_when_asked(repo, tmp_path):
    (tmp_path / "link").symlink_to(repo)
    for target in (Path("out.json"), tmp_path / "link" / "out.json"):
        with pytest.raises(UsageError, match="inside the repository"):
            write_report(target, "x", repository=repo, inside=False)
    assert list(repo.iterdir()) == []


def test_refuses_what_is_no_file(repo):
    (repo / "out").mkdir()
    with pytest.raises(UsageError, match="not a plain file"):
        write_report(Path("out"), "x")


def test_absent_folder_is_an_os_error(repo):
    with pytest.raises(FileNotFoundError):
        write_report(Path("absent/out.json"), "x")
