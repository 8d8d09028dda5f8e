"""Rank-weighted similarity: which well-known name a new one could be taken for, and how strong the resemblance is.

A tolerance says how popular a target of a given length has to be (its rank must be below the number) for an edit to
count. Long names leave room for nothing but a slip; short ones are near everything. The figures are tuned on the
project's labelled names (`benchmarks/dependencies/run.py` prints the result).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import NamedTuple

from trustgate.analyzers.dependencies.distance import within
from trustgate.analyzers.dependencies.edits import SEPARATORS, is_slip
from trustgate.analyzers.dependencies.near import squeeze
from trustgate.analyzers.dependencies.popularity import Popular

STRONG, WEAK, COMBO = "similar-strong", "similar-weak", "combo"
ANY = 1_000_000
_ORDER = {STRONG: 0, WEAK: 1, COMBO: 2}
_SLIP_STRONG = (0, 0, 0, 0, 200, 1000, 4000, ANY)
"""by length of the target, from 0; the last number holds for every longer one"""
_SLIP_WEAK = (0, 0, 0, 0, 600, 4000, 8000, ANY)
_SWAP_WEAK = (0, 0, 0, 0, ANY)
"""two neighbours swapped: nobody calls a package that on purpose"""
_HALF_STRONG = (0, 0, 0, 0, 0, 0, 600, 2000, 4000, ANY)
_HALF_WEAK = {"pypi": (0, 0, 0, 0, 100, 600, 8000, ANY), "npm": (0, 0, 0, 0, 100, 2000, 8000, ANY)}
_TWO_STRONG = (0, 0, 0, 0, 0, 0, 0, 0, 600, 600, 4000, 4000, ANY)
_TWO_WEAK = {
    "pypi": (0, 0, 0, 0, 0, 0, 0, 100, 600, 600, 4000, 4000, ANY),
    "npm": (0, 0, 0, 0, 0, 0, 0, 300, 600, 8000, 4000, 4000, ANY),
}
_TWO_LIMIT = 2
_GLYPHS = (("0", "o"), ("1", "l"), ("1", "i"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("rn", "m"), ("vv", "w"))
_BAIT = frozenset(
    "js node nodejs npm py python lib latest next lite new old dev beta real official api pkg pkgs".split()  # noqa: SIM905
)
"""affixes that say nothing about what a package adds, so that `chalk-node` reads as `chalk`"""
_BAIT_RANK = _SCOPE_RANK = 4000
"""ranks up to which a bare affix, or a lost or misspelt scope, is more than a note"""


class Likeness(NamedTuple):
    level: str
    """STRONG, WEAK or COMBO"""
    target: str
    rank: int
    how: str


def likeness(name: str, popular: Popular) -> Likeness | None:
    """The strongest resemblance to a well-known name, the most popular target first; None for names of the list."""
    if name in popular.ranks:
        return None
    found = list(_all(name, popular))
    if any(one.level == WEAK for one in found) and popular.well_used(name):
        found = [one for one in found if one.level != WEAK]  # a name in wide use answers to a strong resemblance only
    return min(found, key=lambda one: (_ORDER[one.level], one.rank), default=None)


def _all(name: str, popular: Popular) -> Iterator[Likeness]:
    if name.startswith("@"):
        yield from _scoped(name, popular)
        return
    if not name.isascii():
        yield from _glyphs(_ascii_twin(name), popular, name)
        return
    yield from _glyphs(name, popular, name)
    yield from _separators(name, popular)
    yield from _edits(name, popular)
    yield from _versions(name, popular)
    yield from _words(name, popular)
    yield from _combos(name, popular)
    if popular.ecosystem == "npm":
        yield from _scope_dropped(name, popular)


def _tolerance(table: tuple[int, ...], length: int) -> int:
    return table[min(length, len(table) - 1)]


def _level(strong: tuple[int, ...], weak: tuple[int, ...], target: str, rank: int) -> str:
    length = sum(char not in SEPARATORS for char in target)
    if rank < _tolerance(strong, length):
        return STRONG
    return WEAK if rank < _tolerance(weak, length) else ""


def _edits(name: str, popular: Popular) -> Iterator[Likeness]:
    ranks = popular.ranks
    squeezed = squeeze(name)
    near = popular.near.close(name)
    ones = [target for target, distance in near if distance == 1 and squeeze(target) != squeezed]
    for target in ones:
        slip = is_slip(name, target)
        strong = _SLIP_STRONG if slip else _HALF_STRONG
        weak: tuple[int, ...] = _SLIP_WEAK if slip else _HALF_WEAK[popular.ecosystem]
        if len(name) == len(target) and sorted(name) == sorted(target):
            weak = _SWAP_WEAK
        level = _level(strong, weak, target, ranks[target])
        if level == STRONG and _other_number(name, target):
            level = WEAK
        if level:
            yield Likeness(level, target, ranks[target], "one edit away")
    for target, distance in near:
        if ones or distance != _TWO_LIMIT or squeeze(target) == squeezed:
            continue
        level = _level(_TWO_STRONG, _TWO_WEAK[popular.ecosystem], target, ranks[target])
        if level == STRONG and not _spread(name, target):
            level = WEAK if ranks[target] < 600 else ""
        if level:
            yield Likeness(level, target, ranks[target], "two edits away")


def _other_number(name: str, target: str) -> bool:
    """`textwrap2` beside `textwrap3`: how honest successors are called."""
    changed = [(one, other) for one, other in zip(name, target, strict=False) if one != other]
    return len(name) == len(target) and all(one.isdigit() and other.isdigit() for one, other in changed)


def _spread(name: str, target: str) -> bool:
    """Whether two edits are slips: none of them changes a number, or a short word of the name into another word."""
    if name.rstrip("0123456789") != name and name.rstrip("0123456789") in target:
        return False
    typed, wanted = re.split(r"[-_.]", name), re.split(r"[-_.]", target)
    if len(typed) != len(wanted):
        return True
    for one, other in zip(typed, wanted, strict=True):
        if one != other:
            distance = within(one, [other], 9)[0][1]
            if len(other) < 4 * distance:
                return False
    return True


def _separators(name: str, popular: Popular) -> Iterator[Likeness]:
    """The same letters, cut into words another way. npm has refused such names since 2017, so old ones are honest."""
    if len(squeeze(name)) < 5:
        return
    for target in popular.near.same_letters(name):
        rank = popular.ranks[target]
        if rank < 8000:
            level = STRONG if popular.ecosystem == "pypi" else WEAK
            yield Likeness(level, target, rank, "the same letters, separated another way")


def _glyphs(name: str, popular: Popular, written: str) -> Iterator[Likeness]:
    forms = {name}
    for shape, letter in _GLYPHS:
        forms |= {form.replace(shape, letter) for form in forms if shape in form}
    for target in sorted(forms):
        rank = popular.ranks.get(target)
        if rank is not None and target != written and (len(target) >= 4 or written != name):
            yield Likeness(STRONG, target, rank, "letters that look alike")


def _ascii_twin(name: str) -> str:
    import unicodedata

    folded = unicodedata.normalize("NFKD", name)
    return "".join(_CONFUSABLE.get(char, char) for char in folded if not unicodedata.combining(char))


_CONFUSABLE = dict(zip("аеорсухіјѕһԁԛԝкмтвнгиαορνικτυ", "aeopcyxijshdqwkmtbhruaopviktu", strict=True))
"""Cyrillic and Greek letters drawn like Latin ones (Unicode UTS #39, confusables; the common part)"""


@cache
def _marked_version() -> re.Pattern[str]:
    return re.compile(r"(.*?[a-z0-9])(?:[-_.]v?|v)[0-9]+(?:[-_.][0-9x]+)*|(.*[a-z])[0-9]{4,}")


def _versions(name: str, popular: Popular) -> Iterator[Likeness]:
    """A well-known name with a version behind it. Digits glued on alone are how honest successors are called."""
    marked = _marked_version().fullmatch(name)
    if not marked:
        return
    base = (marked[1] or marked[2]).rstrip(SEPARATORS)
    rank = popular.ranks.get(base)
    if rank is not None and len(base) >= 4:
        level = STRONG if rank < 1000 else WEAK
        yield Likeness(level, base, rank, "a well-known name with a version behind it")


def _words(name: str, popular: Popular) -> Iterator[Likeness]:
    words = re.split(r"[-_.]", name)
    if not 2 <= len(words) <= 4:
        return
    mark = "-" if popular.ecosystem == "pypi" else next(char for char in name if char in SEPARATORS)
    for order in permutations(words):
        target = mark.join(order)
        rank = popular.ranks.get(target)
        if rank is not None and target != name:
            strong = popular.ecosystem == "pypi" and rank < 2000
            if strong or rank < 4000:
                yield Likeness(STRONG if strong else WEAK, target, rank, "the same words in another order")


def _combos(name: str, popular: Popular) -> Iterator[Likeness]:
    """A well-known brand with something put before or behind it."""
    words = [word for word in re.split(r"[-_.]", name) if word]
    parts = {"-".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)} - {name}
    for part in parts:
        rank = popular.ranks.get(part)
        if rank is None or len(part) < 4:
            continue
        affixes = set(words) - set(part.split("-"))
        bait = bool(affixes) and affixes <= _BAIT
        baited = bait and rank < _BAIT_RANK
        if part in popular.brands or baited:
            level = WEAK if baited else COMBO
            yield Likeness(level, part, rank, "a well-known name with an affix")
    if len(words) == 1:
        for cut in range(4, len(name) - 1):
            for part, rest in ((name[:cut], name[cut:]), (name[cut:], name[:cut])):
                rank = popular.ranks.get(part, ANY)
                if rank < _BAIT_RANK if rest in _BAIT else part in popular.brands and len(part) >= 6:
                    level = WEAK if rest in _BAIT else COMBO
                    yield Likeness(level, part, rank, "a well-known name with an affix")


def _scope_dropped(name: str, popular: Popular) -> Iterator[Likeness]:
    """`types-node` for `@types/node`, `supabase-js` for `@supabase/supabase-js`."""
    cuts = [at for at, char in enumerate(name) if char in SEPARATORS]
    forms = [f"@{name[:at]}/{name[at + 1 :]}" for at in cuts] + [f"@{name[:at]}/{name}" for at in (*cuts, len(name))]
    for target in forms:
        rank = popular.ranks.get(target)
        if rank is not None and rank < _SCOPE_RANK:
            yield Likeness(WEAK, target, rank, "a scoped name without its scope")


def _scoped(name: str, popular: Popular) -> Iterator[Likeness]:
    """A scope belongs to one owner, so only an unknown scope near a known one counts."""
    scope, _, last = name[1:].partition("/")
    if not last or scope in popular.scopes:
        return
    for other, distance in popular.near_scopes.close(scope):
        if distance != 1:
            continue
        rank = popular.scopes[other]
        known = popular.ranks.get(f"@{other}/{last}")
        if known is not None:
            yield Likeness(STRONG, f"@{other}/{last}", known, "a misspelt scope")
        elif len(other) >= 6 and rank < _SCOPE_RANK:
            yield Likeness(WEAK, f"@{other}", rank, "a scope one edit from a well-known one")
