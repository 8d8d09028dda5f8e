"""What a change adds, removes and moves."""

from __future__ import annotations

from trustgate.analyzers.dependencies.delta import dependency_changes
from trustgate.changes.memory import change_between
from trustgate.finding import NotChecked, Skip


def test_added_moved_and_removed() -> None:
    before = {"requirements.txt": b"a==1\nb>=2\nc\n"}
    after = {
        "requirements.txt": b"a==2\nc\nd @ git+https://g.example/d@v1\n",
        "package.json": b'{"dependencies": {"x": "npm:@s/y@1.0.0"}}',
    }
    found, missed = dependency_changes(change_between(before, after))
    assert missed == ()
    assert [(one.purl, one.before, one.after, one.manifest, one.line, one.source_kind) for one in found] == [
        ("pkg:npm/%40s/y@1.0.0", None, "1.0.0", "package.json", 1, "registry"),
        ("pkg:pypi/a@2", "1", "2", "requirements.txt", 1, "registry"),
        ("pkg:pypi/b", ">=2", None, "requirements.txt", 2, "registry"),
        ("pkg:pypi/d", None, "git+https://g.example/d@v1", "requirements.txt", 3, "git"),
    ]


def test_nothing_changed() -> None:
    found, missed = dependency_changes(
        change_between({"requirements.txt": b"a==1\n"}, {"requirements.txt": b"a==1 # c\n"})
    )
    assert (found, missed) == ((), ())


def test_several_versions_of_one_name_in_a_lock() -> None:
    def lock(*versions: str) -> bytes:
        return b"version = 1\n" + b"".join(
            b'\n[[package]]\nname = "a"\nversion = "%s"\n' % v.encode() for v in versions
        )

    found, _ = dependency_changes(change_between({"uv.lock": lock("1", "2")}, {"uv.lock": lock("2", "3", "4")}))
    assert [(one.before, one.after, one.direct) for one in found] == [("1", "3", False), (None, "4", False)]


def test_what_cannot_be_read_is_handed_on() -> None:
    _, missed = dependency_changes(change_between({}, {"package.json": b"{", "mix.exs": b"x\n", "bun.lockb": b"x"}))
    assert [type(one) for one in missed] == [Skip, NotChecked, Skip]
    assert "bun.lockb" in missed[0].reason


def test_a_version_that_moves_in_a_lock_with_addresses() -> None:
    def lock(version: str) -> bytes:
        return (
            b'version = 1\n\n[[package]]\nname = "a"\nversion = "%s"\n' % version.encode()
            + b'source = { registry = "https://registry.example/simple" }\n'
        )

    found, _ = dependency_changes(change_between({"uv.lock": lock("1.0")}, {"uv.lock": lock("1.1")}))
    assert [(one.before, one.after) for one in found] == [("1.0", "1.1")]


def test_the_path_to_what_a_lock_brings() -> None:
    def lock(*packages: str) -> bytes:
        return b"# yarn lockfile v1\n\n" + "\n".join(packages).encode()

    top = 'express@^4:\n  version "4.0.0"\n  dependencies:\n    body "1"\n'
    middle = 'body@1:\n  version "1.0.0"\n  dependencies:\n    qs "1"\n'
    end = 'qs@1:\n  version "1.0.1"\n'
    manifest = b'{"dependencies": {"express": "^4"}}'
    before = {"package.json": manifest, "yarn.lock": lock(top)}
    found, _ = dependency_changes(change_between(before, {**before, "yarn.lock": lock(top, middle, end)}))
    assert [(one.name, one.direct, one.path) for one in found] == [
        ("body", False, ("express", "body")),
        ("qs", False, ("express", "body", "qs")),
    ]


def test_hashes_of_go_are_no_dependencies() -> None:
    found, _ = dependency_changes(change_between({}, {"go.sum": b"g.example/a v1.0.0 h1:aa=\n"}))
    assert found == ()
