"""What a person at a terminal gets: grouped help, completion, and a sign of life on long runs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest


def test_the_help_of_review_is_in_groups(trustgate, tmp_path):
    said = trustgate(tmp_path)("review", "--help").stdout
    places = [said.index(title) for title in ("What is reviewed:", "How it is judged:", "What is printed:")]
    assert places == sorted(places)
    assert said.index("--diff RANGE") < places[1] < said.index("--stage [") < places[2] < said.index("--format NAME")


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
