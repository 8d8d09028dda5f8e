"""What git may see of our environment: nothing that opens a door."""

from __future__ import annotations

import pytest

from trustgate.changes import environment


def test_the_token_and_the_reviewers_key_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_GITHUB_TOKEN", "t0ken")
    monkeypatch.setenv("TRUSTGATE_REVIEWER_KEY", "k3y")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "sh")
    for made in (environment.real_environment(), environment.private_environment("/x", environment.real_environment())):
        assert not {"t0ken", "k3y", "sh"} & set(made.values())
        assert "PATH" in made
