"""What the page filters and colours by: boundary, decision and backend. Needs no script: a checkbox and a style rule.

Names in classes and ids are made here and nowhere else, from closed lists and numbers, so that no text of a change can
be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trustgate.escape import html as esc
from trustgate.finding import BOUNDARIES
from trustgate.report import phrases
from trustgate.verdict import Judged, Verdict

UNKNOWN = "o0"


class Names:
    """The names that the parts of one page have for each other."""

    def __init__(self, verdict: Verdict, items: Sequence[Judged]) -> None:
        self._verdict = verdict
        self.items = items
        shares = [share.origin.id for share in verdict.origins]
        known = dict.fromkeys([*shares, *(item.origin for item in items)])
        self._origins = {name: number for number, name in enumerate(known)}
        self._anchors: dict[int, str] = {}
        seen: Counter[str] = Counter()
        for item in items:
            digits = "".join(char for char in item.finding.fingerprint[:16] if char in "0123456789abcdef")
            seen[digits] += 1
            self._anchors[id(item)] = f"f-{digits}" + (f"-{seen[digits]}" if seen[digits] > 1 else "")

    def anchor(self, item: Judged) -> str:
        return self._anchors[id(item)]

    def origin(self, name: str) -> str:
        """The class of an origin: `k0`, `k1`, … Empty for one that the verdict does not list."""
        number = self._origins.get(name)
        return "" if number is None else f"k{number}"

    def letter(self, name: str) -> str:
        """`A`, `B`, … beside the colour, for readers and printers without colours."""
        number = self._origins.get(name)
        return "" if number is None else chr(65 + number) if number < 26 else str(number + 1)

    @property
    def several(self) -> bool:
        return len(self._origins) > 1

    def classes(self, item: Judged) -> str:
        """What the filters hide a finding by, and its decision."""
        return f"{boundary(item)} {item.action.label} {self.origin(item.origin)}"

    def style(self) -> str:
        """Colours of the backends, apart in hue and light enough on either ground; the rules of the filters."""
        rules = []
        for name, number in self._origins.items():
            tint = "#808890" if name in (UNKNOWN, "") else f"hsl({(number * 137 + 35) % 360} 62% 50%)"
            rules.append(f".k{number}{{--origin:{tint}}}")
        for _, group in self._groups():
            for name in group:
                rules.append(f"body:has(#{name}:not(:checked)) :is(article,li).{name}{{display:none}}")
        return "".join(rules)

    def _groups(self) -> list[tuple[str, dict[str, tuple[str, int]]]]:
        """Title, then by class the label and the number of findings: only where there is a choice."""
        groups: list[tuple[str, dict[str, tuple[str, int]]]] = []
        for title, of, label in (
            ("Decision", lambda item: item.action.label, lambda item: item.action.label),
            ("Boundary", boundary, lambda item: boundary(item).partition("-")[2]),
            ("Backend", lambda item: self.origin(item.origin), lambda item: phrases.origin_of(self._verdict, item)),
        ):
            counts = Counter(map(of, self.items))
            if len(counts) > 1:
                groups.append((title, {of(item): (label(item), counts[of(item)]) for item in self.items}))
        return groups

    def boxes(self) -> str:
        """The checkboxes with how many findings each stands for; empty where there is nothing to choose."""
        parts = []
        for title, group in self._groups():
            labels = "\n".join(
                f'<label><input type="checkbox" id="{name}" checked> {esc(phrases.clip(label, 200))} ({number})</label>'
                for name, (label, number) in group.items()
            )
            parts.append(f"<fieldset><legend>{title}</legend>{labels}</fieldset>")
        if not parts:
            return ""
        return (
            '<section class="filters" aria-labelledby="filters"><h2 id="filters">Show only</h2>'
            f'<div class="row">{"".join(parts)}</div><p id="count" class="dim" role="status"></p></section>'
        )

    def dot(self, name: str) -> str:
        """The mark of a backend: its colour and its letter. Says nothing where the whole change has one backend."""
        if not self.several or name not in self._origins:
            return ""
        return f'<span class="dot {self.origin(name)}">{self.letter(name)}</span> '


def boundary(item: Judged) -> str:
    name = item.finding.boundary
    return f"b-{name}" if name in BOUNDARIES else "b-other"
