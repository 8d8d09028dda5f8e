"""Which well-known name a new one could be taken for."""

from __future__ import annotations

import pytest

from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import COMBO, STRONG, WEAK, likeness


@pytest.mark.parametrize("ecosystem", ["pypi", "npm"])
def test_no_popular_name_resembles_anything(ecosystem: str) -> None:
    popular = load_popular(ecosystem)
    assert len(popular.ranks) > 14_000
    assert [name for name in popular.ranks if likeness(name, popular)] == []


@pytest.mark.parametrize(
    ("ecosystem", "name"),
    [
        pytest.param("pypi", "quiet-otter-calendar", id="a name of its own"),
        pytest.param("pypi", "x", id="one letter"),
        pytest.param("pypi", "", id="nothing"),
        pytest.param("pypi", "bumph", id="a short name near an unknown one"),
        pytest.param("npm", "@quiet-otter/lodash", id="a fork under a scope of its own"),
        pytest.param("npm", "@types/moji", id="a scope belongs to its owner"),
        pytest.param("npm", "@", id="half a scope"),
    ],
)
def test_left_alone(ecosystem: str, name: str) -> None:
    assert likeness(name, load_popular(ecosystem)) is None


@pytest.mark.parametrize(
    ("ecosystem", "name", "level", "target"),
    [
        pytest.param("pypi", "reqeusts", STRONG, "requests", id="a swap"),
        pytest.param("pypi", "python-dateutils", STRONG, "python-dateutil", id="a plural of a popular name"),
        pytest.param("pypi", "r3quests", STRONG, "requests", id="a digit for a letter"),
        pytest.param("pypi", "numрy", STRONG, "numpy", id="a Cyrillic letter"),
        pytest.param("pypi", "prompt-tool-kit", STRONG, "prompt-toolkit", id="separated another way"),
        pytest.param("pypi", "matplolplib", STRONG, "matplotlib", id="two edits in a long name"),
        pytest.param("pypi", "account-eth", STRONG, "eth-account", id="words in another order"),
        pytest.param("pypi", "requests-2-32-3", STRONG, "requests", id="a version behind"),
        pytest.param("pypi", "textwrap2", WEAK, "textwrap3", id="another digit"),
        pytest.param("pypi", "pydantic-cal", WEAK, "pydantic-ai", id="another short word"),
        pytest.param("pypi", "helmet-fastapi", COMBO, "fastapi", id="a brand with an affix"),
        pytest.param("pypi", "speedyrequests", COMBO, "requests", id="a brand with a word glued on"),
        pytest.param("npm", "lodahs", STRONG, "lodash", id="npm, a swap"),
        pytest.param("npm", "react-router-dom-v6", WEAK, "react-router-dom", id="npm, a version behind"),
        pytest.param("npm", "chalk-node", WEAK, "chalk", id="npm, an affix that says nothing"),
        pytest.param("npm", "supabase-js", WEAK, "@supabase/supabase-js", id="npm, the scope dropped"),
        pytest.param("npm", "types-node", WEAK, "@types/node", id="npm, the scope run together"),
        pytest.param("npm", "object_keys", WEAK, "object-keys", id="npm, another separator"),
        pytest.param("npm", "@tpyes/node", STRONG, "@types/node", id="npm, a misspelt scope"),
    ],
)
def test_flagged(ecosystem: str, name: str, level: str, target: str) -> None:
    found = likeness(name, load_popular(ecosystem))
    assert found is not None
    assert (found.level, found.target) == (level, target)


def test_a_name_without_end_takes_no_time() -> None:
    import time

    began = time.process_time()
    for name in ("a" * 300, "a-" * 150, "-".join(["requests"] * 30)):
        likeness(name, load_popular("pypi"))
    assert time.process_time() - began < 3
