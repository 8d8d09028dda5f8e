"""Safe functions that gave way to unsafe siblings."""

from __future__ import annotations

import pytest
from boundary_cases import findings

from trustgate.finding import Confidence

LEFT_ALONE = {
    "both were used before": (
        "import random, secrets\ndef f():\n    a = secrets.token_hex(9)\n    return random.random()\n",
        "import random, secrets\ndef f():\n    a = secrets.token_hex(8)\n    return random.random()\n",
    ),
    "the sibling is used in another function": (
        "import random, secrets\ndef f():\n    return secrets.token_hex(9)\n",
        "import random, secrets\ndef f():\n    return secrets.token_hex(9)\n\ndef g():\n    return random.random()\n",
    ),
    "the safe one takes over": (
        "import random, secrets\ndef f():\n    return random.random()\n",
        "import random, secrets\ndef f():\n    return secrets.token_hex(9)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: str, after: str) -> None:
    assert "crypto-strength-lowered" not in {finding.rule for finding in findings({"a.py": before}, {"a.py": after})}


FLAGGED = {
    "the random source": (
        "crypto-strength-lowered",
        "import random, secrets\ndef f():\n    return secrets.token_hex(9)\n",
        "import random, secrets\ndef f():\n    return random.getrandbits(72)\n",
    ),
    "the hash": (
        "crypto-strength-lowered",
        "import hashlib\ndef f(x):\n    return hashlib.sha256(x).hexdigest()\n",
        "import hashlib\ndef f(x):\n    return hashlib.md5(x).hexdigest()\n",
    ),
    "the reader": (
        "loader-loosened",
        "import json, pickle\ndef f(x):\n    return json.loads(x)\n",
        "import json, pickle\ndef f(x):\n    return pickle.loads(x)\n",
    ),
    "the module behind a name": (
        "loader-loosened",
        "from defusedxml import ElementTree\ndef f(x):\n    return ElementTree.fromstring(x)\n",
        "from xml.etree import ElementTree\ndef f(x):\n    return ElementTree.fromstring(x)\n",
    ),
}


@pytest.mark.parametrize(("rule", "before", "after"), FLAGGED.values(), ids=FLAGGED)
def test_flags(rule: str, before: str, after: str) -> None:
    found = [finding for finding in findings({"a.py": before}, {"a.py": after}) if finding.rule == rule]
    assert [finding.confidence for finding in found] == [Confidence.HIGH]
    assert [line.split(":")[0] for line in found[0].evidence] == ["was", "now"]
