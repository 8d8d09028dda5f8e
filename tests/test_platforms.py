"""Where trustgate runs, and where it says that it does not."""

from __future__ import annotations

import pytest

from trustgate.__main__ import refused_on


@pytest.mark.parametrize("platform", ["linux", "darwin", "freebsd14"])
def test_runs_where_files_have_modes(platform: str) -> None:
    assert refused_on(platform) == ""


@pytest.mark.parametrize("platform", ["win32", "cygwin"])
def test_is_refused_in_one_sentence_elsewhere(platform: str) -> None:
    assert "use WSL" in refused_on(platform)
