"""What a path says about the values in it."""

from __future__ import annotations

import pytest

from trustgate.secrets.places import Place, holds_settings, place_of


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("app/service.py", Place.SOURCE),
        ("app/settings.ini", Place.CONFIG),
        (".env", Place.CONFIG),
        (".env.example", Place.DOCS),
        ("Dockerfile", Place.CONFIG),
        ("tests/data/x.py", Place.TEST),
        ("pkg/client_test.go", Place.TEST),
        ("scripts/unsafe-test-setups/idp/config.yml", Place.TEST),
        ("src/latest/x.py", Place.SOURCE),
        ("src/contest_page/x.py", Place.SOURCE),
        ("docs/guide.py", Place.DOCS),
        ("README.md", Place.DOCS),
        ("package-lock.json", Place.DATA),
        ("web/locales/de.ts", Place.DATA),
        ("web/x.min.js", Place.DATA),
    ],
)
def test_place(path: str, place: Place) -> None:
    assert place_of(path) is place


@pytest.mark.parametrize(
    ("path", "holds"), [("", True), (".env.sample", True), ("deploy.sh", True), ("app/x.py", False)]
)
def test_settings(path: str, holds: bool) -> None:
    assert holds_settings(path) is holds
