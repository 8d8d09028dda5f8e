"""What a symbol holds on one side, and which of it guards a boundary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from trustgate.analyzers.boundaries.delta import SideDelta
from trustgate.analyzers.boundaries.rules import Guards
from trustgate.finding import Confidence
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Detail, Scope, Span
from trustgate.syntax.reach import Reach, reach_of
from trustgate.syntax.words import wordset

REGISTRARS = frozenset(
    (
        *("before_action", "before_filter", "prepend_before_action", "use", "add_middleware", "addMiddleware"),
        *(
            "addFilter",
            "addInterceptor",
            "addInterceptors",
            "register_middleware",
            "dependencies",
            "Depends",
            "Security",
        ),
        *(
            "get",
            "post",
            "put",
            "patch",
            "delete",
            "all",
            "route",
            "Handle",
            "HandleFunc",
            "Use",
            "Group",
            "With",
            "Get",
        ),
        *(
            "Post",
            "Put",
            "Patch",
            "Delete",
            "register",
            "preHandler",
            "wrap",
            "before_request",
            "path",
            "re_path",
            "url",
        ),
        *("authorizeRequests", "addFilterBefore", "addFilterAfter"),
    )
)
"""callees that are handed a guard to run it later"""
ASSURING = frozenset(("ensure", "verify", "validate", "require", "enforce", "authorize", "authenticate", "assert"))
"""words of checks that are also known as such where their value is used"""
STOPPING = ("raise", "throw", "abort", "assert")


class Lost(NamedTuple):
    """A guard that stands somewhere. Named for what it is when the other side has not got it."""

    span: Span
    text: str
    words: frozenset[str]
    """the boundary words that make it a guard"""
    what: str
    """decorator, check, call, early exit or refusal"""
    strength: Confidence
    callee: str = ""
    """resolved name, of a check"""


class Body:
    """The changed lines of a module, or the whole of a function or class."""

    def __init__(
        self, side: SideDelta, name: str, scopes: tuple[Scope, ...], ranges: tuple[tuple[int, int], ...]
    ) -> None:
        self.side = side
        self.name = name
        self.scopes = scopes
        self.ranges = ranges
        self.guards: dict[str, list[Lost]] = {}
        """by rule, as `guards_in` found them"""

    @classmethod
    def of(cls, side: SideDelta, name: str) -> Body:
        """The body of the symbol; of the module (no name), only its changed lines. Made once a side and name."""
        found = side.bodies.get(name)
        if isinstance(found, Body):
            return found
        scopes = side.symbols.get(name, ()) if name else ()
        ranges = tuple((scope.start, scope.end) for scope in scopes)
        if not name:
            ranges = tuple((number, number) for number in sorted(side.numbers) if not side.symbol_at(number))
        body = side.bodies[name] = cls(side, name, scopes, ranges)
        return body

    @cached_property
    def folded(self) -> str:
        """The whole text without blanks."""
        lines = (self.side.text.line(n) for first, last in self.ranges for n in range(first, last + 1))
        return "".join("".join(line.split()) for line in lines)

    @cached_property
    def detail(self) -> Detail:
        return self.side.detail_of(self.ranges)

    @cached_property
    def reach(self) -> Reach:
        return reach_of(self.side.outline, self.ranges)

    def holds(self, line: int) -> bool:
        """Whether the line is the symbol's own and something reaches it: not that of a function inside it."""
        if line in self.reach.dead:
            return False
        return not self.scopes or self.side.symbol_at(line) in (self.name, "")

    @cached_property
    def sure(self) -> bool:
        outline = self.side.outline
        return not outline.degraded or bool(outline.imports)


def guards_in(body: Body, guards: Guards) -> list[Lost]:
    """Every guard of one boundary that the symbol holds and runs."""
    found = body.guards.get(guards.rule.id)
    if found is None:
        found = body.guards[guards.rule.id] = _guards_in(body, guards)
    return found


def _guards_in(body: Body, guards: Guards) -> list[Lost]:
    found = [*_checks(body, guards), *_exits(body.detail, guards), *_handed_over(body, guards)]
    found = [item for item in found if body.holds(item.span.line)]
    for scope in body.scopes:
        for marker in scope.markers:
            key = marker.name.rsplit(".", 1)[-1].replace("_", "").lower()
            words = frozenset({key}) if key in guards.markers else named_guard(marker.name.rsplit(".", 1)[-1], guards)
            if words:
                strength = Confidence.HIGH if key in guards.markers else Confidence.MEDIUM
                found.append(Lost(marker.span, marker.text, words, "decorator", strength, marker.name))
    return found


def _checks(body: Body, guards: Guards) -> Iterator[Lost]:
    """Calls whose name is a verb and a noun of the boundary: `require_admin(user)`, `claims = verify_token(text)`."""
    for call in body.detail.calls:
        name = call.callee.rsplit(".", 1)[-1]
        if not call.statement and (body.side.outline.degraded or wordset(name).isdisjoint(ASSURING)):
            continue
        words = named_guard(name, guards)
        if words:
            strength = Confidence.HIGH if body.sure and call.statement else Confidence.MEDIUM
            yield Lost(call.span, call.text, words, "check", strength, call.callee)
            continue
        words = protecting(name, guards) if call.statement else frozenset()
        if words:
            yield Lost(call.span, call.text, words, "call", Confidence.MEDIUM, call.callee)


def protecting(name: str, guards: Guards) -> frozenset[str]:
    """The words by which a function protects when it is called: `revoke` with a noun, or a phrase of its own."""
    words = wordset(name)
    found = words & guards.shields
    about = words & guards.nouns or frozenset(word for word in found if " " in word)
    return about if found else frozenset()


def named_guard(name: str, guards: Guards) -> frozenset[str]:
    """The boundary words of a function's name that says it checks something of the boundary; empty for other names."""
    words = wordset(name)
    if not words & guards.verbs:
        return frozenset()
    return words & guards.nouns or words & guards.conditions


def _exits(detail: Detail, guards: Guards) -> Iterator[Lost]:
    """`if not user.is_admin: raise`: an early exit whose condition speaks of the boundary."""
    for guard in detail.guards:
        words = condition_words(guard.condition.removeprefix("assert"), guards)
        if words:
            strength = Confidence.HIGH if guard.exit in STOPPING else Confidence.MEDIUM
            span = guard.span._replace(end_line=guard.header_end, end_column=10_000)
            yield Lost(span, guard.condition, words, "early exit", strength)


def condition_words(condition: str, guards: Guards) -> frozenset[str]:
    """The boundary words that make a condition speak of the boundary; empty for other conditions."""
    words = wordset(condition)
    found = words & guards.conditions
    if words & guards.verbs:
        found |= words & guards.nouns
    return found


def _handed_over(body: Body, guards: Guards) -> Iterator[Lost]:
    """Guards given to a router or framework: `router.get("/x", requireAdmin, show)`, `before_action :require_login`."""
    for call in body.detail.calls:
        if call.callee.rsplit(".", 1)[-1] not in REGISTRARS:
            continue
        for argument in call.arguments:
            name = argument.value.strip().lstrip(":&*").split("(", 1)[0].rsplit(".", 1)[-1]
            if not name.replace("_", "").rstrip("!?").isalnum():
                continue
            words = named_guard(name, guards)
            if words or name.replace("_", "").lower() in guards.markers:
                yield Lost(
                    argument.span, argument.value, words or frozenset({name.lower()}), "check", Confidence.MEDIUM, name
                )
