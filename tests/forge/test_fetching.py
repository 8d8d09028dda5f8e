"""A repository of our own, filled over real HTTP: what is fetched, and what the other side can and cannot do to us."""

import os
import time

import pytest

from trustgate.changes.fetching import Own
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge

TOKEN = "t0ken"


@pytest.fixture
def source(make_repo, git_server):
    """A repository with two commits and a note, served as `o/r`."""
    made = make_repo()
    made.commit({"a.py": "1\n"})
    made.commit({"a.py": "2\n"})
    made.git("notes", "--ref=ai", "add", "-m", "x", "HEAD")
    (git_server.root / "o" / "r").symlink_to(made.path)
    return made


@pytest.fixture
def own(tmp_path, git_server):
    return lambda **more: Own(tmp_path / "own", f"{git_server.base}/o/r", **{"token": TOKEN, **more})


def test_commits_and_notes_are_fetched_and_nothing_else(source, own):
    made = own()
    head, first = source.head, source.git("rev-parse", "HEAD~1")
    made.fetch((first, head, "refs/notes/ai"))
    there = type(source)(made.folder, "--existing")
    assert there.git("show", f"{head}:a.py") == "2"
    assert there.git("for-each-ref", "--format=%(refname)") == "refs/notes/ai"
    assert "template" not in there.git("config", "--list", "--local")
    assert not (made.folder / "hooks").exists()


def test_history_is_fetched_as_deep_as_asked(source, own):
    made = own()
    made.fetch((source.head,), depth=1)
    there = type(source)(made.folder, "--existing")
    assert there.git("rev-list", "--count", source.head) == "1"
    made.fetch((source.head,), depth=2)
    assert there.git("rev-list", "--count", source.head) == "2"


def test_a_shallow_checkout_lends_what_it_has(source, own, tmp_path):
    source.commit({"big.bin": os.urandom(300_000)})
    source.commit({"a.py": "3\n"})
    source.git("clone", "-q", "--depth=1", f"file://{source.path}", str(tmp_path / "cut"))
    made = own()
    with Git.open(str(tmp_path / "cut")) as checkout:
        made.borrow(checkout)
    made.fetch((source.head,), depth=64)
    assert type(source)(made.folder, "--existing").git("rev-list", "--count", source.head) == "4"
    assert sum(file.stat().st_size for file in made.folder.rglob("*") if file.is_file()) < 100_000


def test_a_checkout_without_blobs_lends_nothing(source, own, tmp_path):
    source.git("config", "uploadpack.allowFilter", "true")
    source.git("clone", "-q", "--bare", "--filter=blob:none", f"file://{source.path}", str(tmp_path / "cut"))
    made = own()
    with Git.open(str(tmp_path / "cut")) as checkout:
        made.borrow(checkout)
    assert not made.borrows


def test_the_token_does_not_follow_a_redirect(source, own, git_server, tmp_path):
    other = type(git_server)(git_server.root)
    try:
        git_server.redirect = other.base
        with pytest.raises(CannotJudge, match="fetch"):
            own().fetch((source.head,))
        assert other.asked == []
        assert len(git_server.asked) == 1
    finally:
        other.close()


def test_the_token_is_in_no_file_and_in_no_message(source, own, git_server):
    git_server.needs = "another"
    made = own()
    with pytest.raises(CannotJudge) as caught:
        made.fetch((source.head,))
    assert TOKEN not in caught.value.message
    assert not [file for file in made.folder.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    assert any(said.startswith("Basic ") for said in git_server.authorizations)


def test_a_server_that_never_ends_is_left(source, own, git_server):
    git_server.drip = True
    began = time.monotonic()
    with pytest.raises(CannotJudge, match="in time"):
        own(seconds=1.5).fetch((source.head,))
    assert time.monotonic() - began < 10


def test_more_than_the_limit_is_not_kept_on_fetching(source, own, git_server):
    git_server.drip = True
    (own_made := own(size_limit=1000)).folder.joinpath("objects", "pack", "tmp_pack_x").write_bytes(b"x" * 2000)
    with pytest.raises(CannotJudge, match="more than"):
        own_made.fetch((source.head,))


def test_a_link_in_our_place_is_removed_and_not_followed(own, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    (tmp_path / "own").symlink_to(tmp_path / "precious")
    own()
    assert (tmp_path / "precious" / "file").read_text() == "x"
    assert not (tmp_path / "own").is_symlink()


@pytest.mark.parametrize(
    "wanted",
    ["main", "--upload-pack=touch x", "refs/heads/../x", "refs/heads/a:refs/heads/b", "refs/tags/a", ""],
    ids=repr,
)
def test_only_ids_and_plain_refs_are_fetched(own, git_server, wanted):
    with pytest.raises(CannotJudge, match="neither"):
        own().fetch((wanted,))
    assert git_server.asked == []


@pytest.mark.parametrize(
    "address",
    ["ext::sh -c id", "-x", "forge.example:o/r", "https://x\n/", "file:///o/r", "ssh://forge.example/o/r",
     "http://forge.example/o/r", "https://user:secret@forge.example/o/r", "https://forge.example/o/r?x", "https:///o/r",
     "http://127.0.0.1.forge.example/o/r", "https://[::1/o/r"],
    ids=repr,
)  # fmt: skip
def test_only_plain_addresses_are_given_to_git(tmp_path, address):
    with pytest.raises(CannotJudge, match="address"):
        Own(tmp_path / "own", address)


def test_a_commit_that_is_not_there_is_an_error(source, own):
    with pytest.raises(CannotJudge, match="fetch failed"):
        own().fetch(("1" * 40,))


def test_sha_256_is_spoken_too(make_repo, git_server, tmp_path):
    source = make_repo("long", "--object-format=sha256")
    head = source.commit({"a.py": "1\n"})
    (git_server.root / "o" / "long").symlink_to(source.path)
    made = Own(tmp_path / "own", f"{git_server.base}/o/long", object_format="sha256")
    made.fetch((head,), depth=1)
    assert type(source)(made.folder, "--existing").git("show", f"{head}:a.py") == "1"
