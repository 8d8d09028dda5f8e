"""Weakenings by argument or setting: `httponly=True` that is gone, TLS 1.2 that became 1.0, mode 0600 that became 0644.

What base had and head has is compared symbol by symbol, in a configuration file key path by key path. What only head
has is none of this module's business: switch-offs look for that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.arguments import code_facts
from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.fact import Fact, Facts
from trustgate.analyzers.boundaries.keypaths import config_facts
from trustgate.analyzers.boundaries.near import words_near
from trustgate.analyzers.boundaries.rules import Rule, Rules, callee_matches, compiled
from trustgate.analyzers.boundaries.safe import Safe, folded
from trustgate.analyzers.boundaries.swaps import find_swaps
from trustgate.analyzers.boundaries.values import looser, safe_to_lose
from trustgate.finding import Confidence, Finding, Kind
from trustgate.record import NamedTuple
from trustgate.syntax.paths import CONFIG_LANGUAGES, PathKind


class Loss(NamedTuple):
    rule: Rule
    safe: Safe
    was: Fact
    now: Fact | None
    confidence: Confidence


class Sides(NamedTuple):
    """One symbol or configuration file, then and now."""

    symbol: str
    old: SideDelta
    new: SideDelta
    before: Facts
    after: Facts


def find_loosened(delta: FileDelta, deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Safe arguments, settings and functions that base had and that are looser or gone in head."""
    old, new = delta.old, delta.new
    if old is None or new is None:
        return
    words = words_near(old) | words_near(new)
    yield from find_swaps(delta, words, rules)
    safes = rules.safes
    if words.isdisjoint(safes.by_name) and words.isdisjoint(map(folded, safes.by_call)):
        return
    elsewhere = Elsewhere(deltas)
    for sides in _sides(delta, old, new, rules):
        for loss in _losses(delta, sides, rules):
            yield _finding(sides, loss, elsewhere)


def _sides(delta: FileDelta, old: SideDelta, new: SideDelta, rules: Rules) -> Iterator[Sides]:
    if delta.kind is PathKind.CONFIG or delta.language in CONFIG_LANGUAGES:
        before, after = (config_facts(delta.language, side.text.text) for side in (old, new))
        yield Sides("", old, new, before, after)
        return
    hunks = delta.view.change.hunks
    spans_old = [(h.old_start, h.old_start + max(h.old_count, 1) - 1) for h in hunks]
    spans_new = [(h.new_start, h.new_start + max(h.new_count, 1) - 1) for h in hunks]
    for before_name, after_name in _touched(old, new):
        before = code_facts(old, before_name, spans_old, rules.safes)
        if before.found:
            after = code_facts(new, after_name, spans_new, rules.safes)
            yield Sides(before_name, old, new, before, after)


def _touched(old: SideDelta, new: SideDelta) -> list[tuple[str, str]]:
    """Names of the symbols with changed lines, as (then, now): they differ for the one symbol that was renamed."""
    then = {old.symbol_at(number) for number in old.numbers}
    now = {new.symbol_at(number) for number in new.numbers}
    pairs = [(name, name) for name in sorted(then | now) if _stands(old, name) and _stands(new, name)]
    gone = [name for name in then if not _stands(new, name)]
    came = [name for name in now if not _stands(old, name)]
    if len(gone) == 1 and len(came) == 1:
        pairs.append((gone[0], came[0]))
    return pairs


def _stands(side: SideDelta, name: str) -> bool:
    return not name or name in side.symbols


def _losses(delta: FileDelta, sides: Sides, rules: Rules) -> Iterator[Loss]:
    rest = _without(sides.before.found, sides.after.found)
    fresh = _without(sides.after.found, sides.before.found)
    pairs = Pairs(rest, fresh)
    counts = tuple(Counter((f.holder, f.name) for f in facts.found) for facts in (sides.before, sides.after))
    for place, was in enumerate(rest):
        now, unique = pairs.partner(place)
        for rule, safe in _entries(was, delta.language, rules):
            stands = now is not None or (was.form in safe.gone and _holder_stands(safe, was, sides, counts))
            loss = _loss(rule, safe, was, now, sides) if stands else None
            if loss is not None and _on_changed_lines(sides, loss):
                yield loss if unique else loss._replace(confidence=min(loss.confidence, Confidence.MEDIUM))
                break


def _without(facts: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    """The facts that have no like among the others, each of which accounts for one."""
    there = Counter(_key(fact) for fact in others)
    rest = []
    for fact in facts:
        if there[_key(fact)] > 0:
            there[_key(fact)] -= 1
        else:
            rest.append(fact)
    return rest


def _key(fact: Fact) -> tuple[str, str, str, str]:
    return fact.form, fact.holder, fact.name, "".join(fact.value.split())


class Pairs:
    """Old facts and the new ones in their places: of the same holder and name, else of the same name."""

    def __init__(self, rest: Sequence[Fact], fresh: Sequence[Fact]) -> None:
        self._rest = rest
        self._fresh: dict[tuple[str, ...], list[Fact]] = {}
        for fact in fresh:
            for key in _likeness(fact):
                self._fresh.setdefault(key, []).append(fact)
        self._many: Counter[tuple[str, ...]] = Counter()
        self._turn: list[dict[tuple[str, ...], int]] = []
        for fact in rest:
            self._turn.append({key: self._many[key] for key in _likeness(fact)})
            self._many.update(_likeness(fact))

    def partner(self, place: int) -> tuple[Fact | None, bool]:
        """The new fact for the old one at `place`, and whether there is only one way to pair them."""
        for key in _likeness(self._rest[place]):
            news = self._fresh.get(key, [])
            if news:
                turn = min(self._turn[place][key], len(news) - 1)
                return news[turn], len(news) == 1 and self._many[key] == 1
        return None, True


def _likeness(fact: Fact) -> tuple[tuple[str, ...], ...]:
    """Keys under which a fact is looked for, the closest first; an argument without a keyword has only its place."""
    last = fact.name.rsplit(".", 1)[-1]
    keys: tuple[tuple[str, ...], ...] = ((fact.holder, fact.name, ""), (fact.name, ""))
    return keys if fact.position else (*keys, (last,))


def _entries(fact: Fact, language: str, rules: Rules) -> Iterator[tuple[Rule, Safe]]:
    safes = rules.safes
    if fact.position:
        callee = fact.holder
        for rule, safe in safes.by_call.get(callee.rsplit(".", 1)[-1], ()):
            wanted = f"[{safe.position}]"
            if callee_matches(callee, safe.call) and fact.name.endswith(wanted) and _fits(safe, fact, language):
                yield rule, safe
        return
    for rule, safe in safes.by_name.get(fact.name.rsplit(".", 1)[-1], ()):
        named = any(fact.name == name or fact.name.endswith(f".{name}") for name in safe.names)
        if named and rule.kind is Kind.WEAKENING and _fits(safe, fact, language):
            yield rule, safe


def _fits(safe: Safe, fact: Fact, language: str) -> bool:
    if safe.languages and language not in safe.languages:
        return False
    return not safe.holder or compiled(safe.holder).search(fact.around) is not None


def _loss(rule: Rule, safe: Safe, was: Fact, now: Fact | None, sides: Sides) -> Loss | None:
    bare = sides.before.bare
    if now is not None:
        sure = looser(safe.order, was.value, now.value, bare=bare)
    else:
        sure = safe_to_lose(safe.order, was.value, bare=bare)
    return None if sure is None else Loss(rule, safe, was, now, min(sure, safe.confidence))


def _holder_stands(safe: Safe, was: Fact, sides: Sides, counts: Sequence[Counter[tuple[str, str]]]) -> bool:
    """Whether what the setting belonged to is still there, now without it.

    `counts`: how often each holder has each name, before and after.
    """
    before, after = sides.before, sides.after
    if before.bare:
        above = was.holder
        for _ in range(max((name.count(".") for name in safe.names if was.name.endswith(name)), default=0)):
            above = above.rpartition(".")[0]
        return not above or 0 < before.holders.get(above, 0) <= after.holders.get(above, 0)
    if was.form == "assignment":
        return not was.holder or was.holder in ("self", "this") or was.holder in sides.new.text.text
    if was.holder in after.spread:
        return False
    key = (was.holder, was.name)
    without = [
        facts.holders.get(was.holder, 0) - count[key] for facts, count in zip((before, after), counts, strict=True)
    ]
    return without[1] > without[0]


def _on_changed_lines(sides: Sides, loss: Loss) -> bool:
    def changed(side: SideDelta, fact: Fact | None) -> bool:
        return fact is not None and not side.numbers.isdisjoint(range(fact.span.line, fact.span.end_line + 1))

    return changed(sides.old, loss.was) or changed(sides.new, loss.now)


def _finding(sides: Sides, loss: Loss, elsewhere: Elsewhere) -> Finding:
    was, now = loss.was, loss.now
    side, fact = (sides.old, was) if now is None else (sides.new, now)
    confidence = min(loss.confidence, loss.rule.confidence)
    if sides.old.outline.degraded and not sides.before.bare:
        confidence = min(confidence, Confidence.MEDIUM)
    if now is None and elsewhere.adds(was):
        confidence = Confidence.LOW
    owner = f" of `{was.holder[:60]}`" if was.holder and not sides.before.bare else ""
    then = f"`{was.shown[:80]}`{owner} was `{_short(was.value)}`"
    message = f"{then} and is gone." if now is None else f"{then} and is now `{_short(now.value)}`."
    evidence = [f"was: {_place(sides.old, was)}"]
    if now is not None:
        evidence.append(f"now: {_place(sides.new, now)}")
    return loss.rule.finding(
        side.location(fact.span),
        side.symbol(fact.span.line),
        f"{was.shown} {was.value}",
        evidence=tuple(evidence),
        confidence=confidence,
        message=message,
    )


class Elsewhere:
    """Whether the change adds a name anywhere in code: then what is gone likely moved, which is for a reader to say."""

    def __init__(self, deltas: Sequence[FileDelta]) -> None:
        self._deltas = deltas
        self._text: str | None = None

    def adds(self, fact: Fact) -> bool:
        if self._text is None:
            sides = [delta.new for delta in self._deltas if delta.new is not None]
            self._text = "\n".join(line.text for side in sides for line in side.lines)
            self._text = self._text.replace("_", "").replace("-", "").lower()
        return fact.name.rsplit(".", 1)[-1].split("[")[0] in self._text


def _place(side: SideDelta, fact: Fact) -> str:
    return f"{side.text.path}:{fact.span.line} {_short(side.text.line(fact.span.line), 120)}"


def _short(text: str, limit: int = 80) -> str:
    return " ".join(text.split())[:limit]
