"""What a person at a terminal gets: colours, completion, a sign of life on long runs, and sane ends."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trustgate.cli.hook import colored


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_the_command(trustgate, tmp_path, shell):
    done = trustgate(tmp_path)("completion", shell)
    assert done.returncode == 0
    assert "_TRUSTGATE_COMPLETE" in done.stdout


def test_a_shell_completes_commands(trustgate, tmp_path):
    done = trustgate(tmp_path)(_TRUSTGATE_COMPLETE="bash_complete", COMP_WORDS="trustgate re", COMP_CWORD="1")
    assert "plain,review" in done.stdout.split()


def watched(seconds):
    """What `waiting` writes to a terminal when a stage begins after so many seconds."""
    program = (
        "import time\nfrom trustgate.cli.waiting import waiting\n"
        f"with waiting() as step:\n    time.sleep({seconds})\n    step('secrets')\n"
    )
    leader, follower = pty.openpty()
    subprocess.run([sys.executable, "-c", program], stderr=follower, check=True)
    os.close(follower)
    os.set_blocking(leader, False)
    try:
        return os.read(leader, 1000)
    except BlockingIOError:
        return b""
    except OSError:
        return b""
    finally:
        os.close(leader)


def test_a_long_run_says_what_it_is_doing_and_wipes_it(trustgate):
    said = watched(1.1)
    assert "trustgate: secrets …".encode() in said
    assert said.endswith(b"\r\x1b[K")


def test_a_short_run_says_nothing():
    assert watched(0) == b""


CODE = "import requests\n\n\ndef get(url):\n    return requests.get(url, verify=False)\n"


@pytest.mark.parametrize(
    ("environ", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR": "0"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colors_as_commonly_asked_for(environ, terminal, expected):
    assert colored(environ, terminal) is expected


def test_colors_are_on_a_terminal_only(repo, tmp_path):
    repo.commit({"a.py": "x = 1\n"})
    repo.write({"a.py": CODE})
    environ = {**os.environ, "TERM": "xterm", "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")}
    environ = {name: value for name, value in environ.items() if "COLOR" not in name}
    command = [sys.executable, "-m", "trustgate", "review", "--offline"]
    leader, follower = pty.openpty()
    process = subprocess.Popen(command, cwd=repo.path, env=environ, stdout=follower, stderr=subprocess.DEVNULL)
    os.close(follower)
    said = b""
    try:
        while part := os.read(leader, 65536):
            said += part
    except OSError:  # EIO: the other end is closed
        assert said
    os.close(leader)
    assert process.wait(60) == 1
    assert b"\x1b[1;31mblock[tls-verify-off]\x1b[0m" in said
    piped = subprocess.run(command, cwd=repo.path, env=environ, capture_output=True, check=False)
    assert b"\x1b" not in piped.stdout


@pytest.mark.parametrize("words", [("review", "--offline"), ("rules", "list"), ("doctor",)], ids=lambda words: words[0])
def test_a_full_disk_is_said_and_is_no_pass(repo, trustgate, words):
    repo.commit({"a.py": "x = 1\n"})
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trustgate", *words], cwd=repo.path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode in (2, 3)
    assert b"No space left on device" in done.stderr
    assert b"internal error" not in done.stderr


def test_a_reader_that_leaves_is_no_crash(repo, trustgate):
    command = f"'{sys.executable}' -m trustgate rules list | head -n 1"
    done = subprocess.run(("sh", "-c", command), cwd=repo.path, capture_output=True, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(repo, tmp_path, closed):
    repo.commit({"a.py": "x = 1\n"})
    repo.write({"a.py": CODE})
    environ = {**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")}
    command = f"'{sys.executable}' -m trustgate review --offline {closed}"
    done = subprocess.run(("sh", "-c", command), cwd=repo.path, env=environ, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr


def test_an_interrupt_says_that_nothing_was_judged(repo, tmp_path):
    repo.commit({"a.py": "x = 1\n"})
    command = [sys.executable, "-m", "trustgate", "review", "--patch", "-"]  # waits for its input
    process = subprocess.Popen(command, cwd=repo.path, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == b"trustgate: interrupted; nothing was judged"


def test_an_encoding_that_cannot_hold_file_names_is_refused_with_a_way_out(repo, trustgate):
    repo.commit({"\u00fc.py": "x = 1\n"})
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = trustgate(repo.path)("review", "--offline", **odd)
    assert done.returncode == 2
    assert "PYTHONUTF8=1" in done.stderr
    assert trustgate(repo.path)("review", "--offline", LC_ALL="C").returncode == 0
