"""Real small programs run through the door: what they see, what they may do, and how they end."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from trustgate.errors import CannotJudge
from trustgate.process import (
    NOWHERE,
    Finished,
    ToolFailed,
    ToolMissing,
    ToolTooSlow,
    module_command,
    run_tool,
    script_command,
    tool_name,
)


def run(script: str, *args: str, **options: object) -> Finished:
    files = {"script.py": script.encode(), **options.pop("files", {})}  # type: ignore[dict-item]
    options.setdefault("seconds", 20)
    return run_tool((sys.executable, "-I", "script.py", *args), files=files, **options)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that was orphaned may be left unreaped."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.05)
    return False


def test_what_a_program_says_and_its_exit_code_come_back() -> None:
    done = run(
        "import sys; print(sys.stdin.read() + sys.argv[1]); sys.stderr.write('a\\nb\\n\\n'); sys.exit(7)",
        "x",
        stdin=b"in",
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, b"inx\n", b"a\nb\n\n")
    assert done.last_words == "b"


def test_without_input_standard_input_is_at_its_end() -> None:
    assert run("import sys; print(len(sys.stdin.buffer.read()))").stdout == b"0\n"


def test_files_are_handed_over_under_our_names_in_a_private_folder_that_goes_away() -> None:
    script = "import os, json; print(json.dumps([os.getcwd(), sorted(os.listdir()), open('new0.py', 'rb').read().hex(), os.stat('..').st_mode & 0o77]))"
    folder, names, data, others = json.loads(run(script, files={"new0.py": b"\xff\0"}).stdout)
    assert names == ["new0.py", "script.py"]
    assert (data, others) == ("ff00", 0)
    assert not Path(folder).exists()
    assert not Path(folder).is_relative_to(Path.cwd())


@pytest.mark.parametrize(
    "name",
    ["../x.py", "/x.py", "a/b.py", "-x.py", ".bandit", "", "a\nb.py", "A.py", "é.py", "a.py ", "..", "x" * 100],
)
def test_a_name_that_a_repository_could_have_chosen_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="harmless"):
        run_tool((sys.executable, "-c", ""), files={name: b""})


def test_the_environment_is_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "GIT_DIR", "LD_PRELOAD", "AWS_SECRET_ACCESS_KEY", "SEMGREP_APP_TOKEN", "BASH_ENV"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    seen = json.loads(run("import os, json; print(json.dumps(dict(os.environ)))").stdout)
    assert not {"PYTHONPATH", "GIT_DIR", "LD_PRELOAD", "AWS_SECRET_ACCESS_KEY", "SEMGREP_APP_TOKEN", "BASH_ENV"} & set(
        seen
    )
    assert seen["PATH"] == "/usr/bin:/bin"
    assert seen["HTTPS_PROXY"] == seen["https_proxy"] == NOWHERE
    assert (seen["SEMGREP_SEND_METRICS"], seen["SEMGREP_ENABLE_VERSION_CHECK"]) == ("off", "0")
    assert seen["HOME"] != os.environ["HOME"]
    assert not Path(seen["HOME"]).exists()


def test_variables_are_handed_on_by_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    script = (
        "import os; print(os.environ.get('HTTPS_PROXY'), os.environ.get('http_proxy'), os.environ.get('SSL_CERT_FILE'))"
    )
    assert (
        run(script, network=True, keep=("HTTPS_PROXY", "SSL_CERT_FILE")).stdout == b"http://proxy.example None None\n"
    )


def test_limits_stand_behind_the_caps() -> None:
    script = (
        "import resource as r, json, time; time.sleep(0.2)\n"
        "print(json.dumps([r.getrlimit(x)[0] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)]))"
    )
    assert json.loads(run(script, seconds=5).stdout) == [8 * 1024**3, 20, 1024**3, 0]


def test_a_slow_program_is_ended_with_everything_it_started() -> None:
    pids = Path(os.environ["HOME"]) / "pids"
    pids.parent.mkdir(parents=True, exist_ok=True)
    script = (
        "import subprocess, sys, os, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}')\n"
        "time.sleep(60)\n"
    )
    began = time.monotonic()
    with pytest.raises(ToolTooSlow, match=r"script\.py was not done within 1 s"):
        run(script, str(pids), seconds=1.0)
    assert time.monotonic() - began < 10
    assert [gone(int(pid)) for pid in pids.read_text().split()] == [True, True]


def test_a_child_that_is_left_behind_neither_holds_us_up_nor_lives_on() -> None:
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
    )
    began = time.monotonic()
    done = run(script, seconds=30)
    assert time.monotonic() - began < 10
    assert done.returncode == 0
    assert gone(int(done.stdout))


def test_a_program_that_closes_its_outputs_is_still_timed() -> None:
    with pytest.raises(ToolTooSlow):
        run("import os, time; os.close(1); os.close(2); time.sleep(60)", seconds=0.5)


@pytest.mark.parametrize("stream", [1, 2], ids=["standard output", "standard error"])
def test_a_program_that_says_too_much_is_ended(stream: int) -> None:
    with pytest.raises(ToolFailed, match="more than 100 KiB"):
        run(f"import os\nwhile True: os.write({stream}, b'x' * 4096)", output_limit=100 * 1024)


def test_one_that_says_as_much_as_it_may_is_not() -> None:
    assert len(run("print('x' * 99_999)", output_limit=100_000).stdout) == 100_000


def test_a_program_that_crashes_failed() -> None:
    with pytest.raises(ToolFailed, match="SIGSEGV"):
        run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")


def test_a_program_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing):
        run_tool((str(tmp_path / "nothing"),))


def test_a_file_that_is_no_program_failed(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"x")
    with pytest.raises(ToolFailed, match="could not be started"):
        run_tool((str(tmp_path / "data"),))


def test_a_name_to_be_looked_for_on_path_is_refused() -> None:
    with pytest.raises(ValueError, match="absolute"):
        run_tool(("python3", "-c", "pass"))


def test_a_module_runs_isolated_from_the_folder_it_is_in() -> None:
    done = run_tool((*module_command("json.tool"), "--compact"), files={"json.py": b"1/0"}, stdin=b'{"a": 1}')
    assert done.stdout == b'{"a":1}\n'


def test_scripts_come_from_the_interpreter_s_own_folder() -> None:
    name = Path(sys.executable).name
    assert script_command(name) == (sys.executable, "-I", str(Path(sys.executable).parent / name))
    with pytest.raises(ToolMissing, match="no-such-tool"):
        script_command("no-such-tool")


def test_a_tool_is_called_by_its_name() -> None:
    assert tool_name(("/v/bin/python", "-I", "-m", "bandit", "-f", "json")) == "bandit"
    assert tool_name(("/v/bin/python", "-I", "/v/bin/semgrep", "scan")) == "semgrep"
    assert tool_name(("/usr/bin/ssh-keygen",)) == "ssh-keygen"


def test_each_fault_is_one_that_makes_a_verdict_incomplete() -> None:
    assert all(issubclass(kind, CannotJudge) for kind in (ToolMissing, ToolTooSlow, ToolFailed))
