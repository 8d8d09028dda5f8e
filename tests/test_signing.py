"""Signing with the user's key without ever asking, and what a signature is worth against the allowed signers."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.errors import CannotJudge
from trustgate.signing import NAMESPACE, Standing, armoured, key_of, sign, unarmoured, verify

DATA = b"the record\n"


def make_key(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return make_key(tmp_path_factory.mktemp("keys") / "id")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return make_key(tmp_path_factory.mktemp("keys") / "id")


def settings(path, **more):
    values = {"gpg.format": "ssh", "user.signingkey": str(path), **more}
    return lambda name: values.get(name, "")


def signers(*keys, options=""):
    lines = [f"dev{n}@example.com {options}{key.with_suffix('.pub').read_text()}" for n, key in enumerate(keys)]
    return "".join(lines).encode()


@pytest.fixture(scope="module")
def signed(key):
    return sign(DATA, settings(key)).data


class TestSigning:
    @pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
    def test_with_a_key_file(self, tmp_path, kind):
        made = make_key(tmp_path / "id", kind=kind)
        done = sign(DATA, settings(made))
        assert done.reason == ""
        assert verify(DATA, done.data, signers(made)).standing is Standing.GOOD

    def test_through_the_agent_that_holds_the_key(self, tmp_path, monkeypatch):
        made = make_key(tmp_path / "id", "a secret")
        socket = tmp_path / "agent"
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
        try:
            while not socket.exists():
                time.sleep(0.01)
            asking = tmp_path / "ask"
            asking.write_text("#!/bin/sh\necho a secret\n")
            asking.chmod(0o700)
            env = {
                **os.environ,
                "SSH_AUTH_SOCK": str(socket),
                "SSH_ASKPASS": str(asking),
                "SSH_ASKPASS_REQUIRE": "force",
            }
            subprocess.run(["ssh-add", "-q", str(made)], check=True, env=env, stdin=subprocess.DEVNULL)
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            public = made.with_suffix(".pub").read_text().strip()
            for setting in (f"{made}.pub", f"key::{public}", public):
                assert verify(DATA, sign(DATA, settings(setting)).data, signers(made)).standing is Standing.GOOD
        finally:
            agent.terminate()
            agent.wait()

    def test_a_passphrase_is_never_asked_for(self, tmp_path, monkeypatch):
        asking = tmp_path / "ask"
        asking.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\necho a secret\n")
        asking.chmod(0o700)
        for name, value in {"SSH_ASKPASS": str(asking), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}.items():
            monkeypatch.setenv(name, value)
        began = time.monotonic()
        done = sign(DATA, settings(make_key(tmp_path / "id", "a secret")))
        assert done.data == b""
        assert "passphrase" in done.reason
        assert time.monotonic() - began < 5
        assert not (tmp_path / "asked").exists()

    def test_an_agent_that_does_not_answer_is_given_up(self, tmp_path, key, monkeypatch):
        import socket

        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(str(tmp_path / "agent"))
            deaf.listen()
            monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
            (tmp_path / "id.pub").write_text(key.with_suffix(".pub").read_text())
            done = sign(DATA, settings(tmp_path / "id.pub"), seconds=0.3)
        assert done.data == b"" and "was not done" in done.reason

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"gpg.format": ""}, "gpg.format is not set"),
            ({"gpg.format": "openpgp"}, "only ssh keys"),
            ({"user.signingkey": ""}, "user.signingkey is not set"),
            ({"user.signingkey": "relative"}, "absolute path"),
            ({"user.signingkey": "/nowhere/id"}, "absolute path"),
            ({"gpg.ssh.program": "/usr/bin/other"}, "another program"),
        ],
    )
    def test_what_cannot_sign_says_why(self, key, values, reason):
        done = sign(DATA, settings(key, **values))
        assert done.data == b"" and reason in done.reason

    def test_without_ssh_keygen_it_is_unsigned(self, key, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "ssh-keygen was not found" in sign(DATA, settings(key)).reason


class TestVerifying:
    def test_an_allowed_key(self, signed, key, other):
        checked = verify(DATA, signed, signers(other, key))
        assert (checked.standing, checked.principal) == (Standing.GOOD, "dev1@example.com")
        assert checked.key.startswith("SHA256:")

    def test_a_key_limited_to_our_namespace_and_one_to_gits(self, signed, key):
        mine, gits = f'namespaces="{NAMESPACE}" ', 'namespaces="git" '
        assert verify(DATA, signed, signers(key, options=mine)).standing is Standing.GOOD
        assert verify(DATA, signed, signers(key, options=gits)).standing is Standing.UNKNOWN_KEY

    def test_a_key_whose_time_is_over(self, signed, key):
        over = signers(key, options='valid-before="20200101" ')
        assert verify(DATA, signed, over).standing is Standing.UNKNOWN_KEY

    @pytest.mark.parametrize("allowed", [None, b"", b"# nobody\n", b"garbage\n\xff\n"])
    def test_nobody_is_allowed(self, signed, allowed):
        assert verify(DATA, signed, allowed).standing is Standing.UNKNOWN_KEY

    def test_another_key_is_unknown(self, signed, other):
        assert verify(DATA, signed, signers(other)).standing is Standing.UNKNOWN_KEY

    def test_other_bytes_are_a_bad_signature(self, signed, key):
        assert verify(DATA + b"x", signed, signers(key)).standing is Standing.BAD

    def test_a_signature_of_git_itself_is_none_of_ours(self, tmp_path, key):
        (tmp_path / "data").write_bytes(DATA)
        subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(key), str(tmp_path / "data")], check=True
        )
        blob = unarmoured((tmp_path / "data.sig").read_bytes())
        assert verify(DATA, blob, signers(key)).standing is Standing.BAD

    def test_a_key_swapped_into_the_signature_is_bad(self, signed, key, other):
        swapped = signed.replace(key_of(signed), key_of(sign(DATA, settings(other)).data))
        assert verify(DATA, swapped, signers(key, other)).standing is Standing.BAD

    @pytest.mark.parametrize("blob", [b"", b"SSHSIG", b"SSHSIG\0\0\0\1\xff\xff\xff\xff", b"x" * 100, b"SSHSIG" * 9000])
    def test_what_is_no_signature_is_bad(self, blob, key):
        assert verify(DATA, blob, signers(key)).standing is Standing.BAD

    def test_without_ssh_keygen_nothing_is_said_of_it(self, signed, key, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CannotJudge):
            verify(DATA, signed, signers(key))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_fault(data):
    assert key_of(data) in data
    assert unarmoured(data) == b"" or key_of(unarmoured(data))


def test_armour_comes_off_again(signed):
    assert unarmoured(armoured(signed)) == signed
