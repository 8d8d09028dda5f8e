"""Verdicts for the report tests: one that is typical, one made of hostile text, and a strategy for any."""

from hypothesis import strategies as st

from trustgate.attribution.origin import Attribution, Evidence, Hosting, Origin, OriginClass, Trust
from trustgate.finding import (
    BOUNDARIES,
    Confidence,
    Finding,
    Kind,
    Location,
    NotChecked,
    Severity,
    Side,
    Skip,
    fingerprint,
)
from trustgate.opinion import FlagReview, Opinion, Quote, Review
from trustgate.verdict import (
    Action,
    Decision,
    DiffFile,
    DiffRow,
    Judged,
    Mechanical,
    NotAnalysed,
    OriginShare,
    Reason,
    Source,
    StageRun,
    Verdict,
)

GLM = Origin(
    "o1",
    OriginClass.GENERATED,
    agent="Claude Code",
    model="glm-5.2",
    vendor_jurisdiction="CN",
    open_weights=True,
    trust=Trust.DECLARED,
    evidence=(Evidence("trailer", "Assisted-by: Claude Code:glm-5.2", "1a2b3c4" + "0" * 33),),
    commits=("1a2b3c4" + "0" * 33,),
)
LINE = "    return requests.get(url, verify=False)"
HOSTILE = (
    "\x1b]8;;http://evil.example\x07x ::error::y\r\n::set-env name=A::b\n</details><script>alert(1)</script>"
    "`@org/team` ![i](http://evil.example/x.png) #123 \u202e\U000e0041\udcff ##[add-mask]z | %0A"
)


def finding(rule="tls-verify-off", path="app/client.py", line=12, **changes):
    values = {
        "rule": rule,
        "analyzer": "boundaries",
        "kind": Kind.FLAW,
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "location": Location(path, Side.NEW, line, line, 30, 42) if line else Location(path),
        "title": "TLS certificate check switched off",
        "message": "The connection accepts any certificate, so anyone on the way can read and change it.",
        "fingerprint": fingerprint(rule, path, "Client.fetch", str(line)),
        "boundary": "network",
        "symbol": "Client.fetch",
        "tip": "Leave verify at its default, or name the CA bundle of the server.",
    }
    return Finding(**(values | changes))


def judged(action=Action.BLOCK, policy="switch-off-core", origin="o1", **changes):
    extra = {key: changes.pop(key) for key in ("clearable", "suppressed_by") if key in changes}
    return Judged(finding(**changes), action, policy, origin, **extra)


def verdict(*items, **changes):
    """A verdict at stage pr whose decision and exit code fit its findings."""
    worst = max((item.action for item in items if not item.suppressed_by), default=Action.SILENT)
    decision = {Action.BLOCK: Decision.BLOCK, Action.ESCALATE: Decision.ESCALATE, Action.WARN: Decision.WARN}.get(
        worst, Decision.ALLOW
    )
    code = {Decision.BLOCK: 1, Decision.ESCALATE: 4}.get(decision, 0)
    reasons = tuple(
        Reason(item.finding.fingerprint, item.policy_line, item.action, "Why it is so.", item.origin, item.clearable)
        for item in items
        if item.action >= Action.WARN and not item.suppressed_by
    )
    base = Verdict(
        stage="pr",
        diff_base="a" * 40,
        trusted_base="b" * 40,
        head="c" * 40,
        policy_digest="d" * 64,
        rules_digest="e" * 64,
        preset="standard",
        decision=decision,
        exit_code=code,
        complete=True,
        findings=items,
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.action)),
        attribution=Attribution(),
        origins=(OriginShare(GLM, True, 20, 3),),
        files_seen=5,
        files_analysed=5,
        would_have=code,
    )
    return base._replace(**changes)


def source(item, *lines, first=None):
    where = item.finding.location
    return (f"{item.finding.fingerprint}@{where.line}", Source(first or where.line, lines))


def typical():
    """Two blocks, one escalation on a removed line, three notes."""
    off = judged()
    removed = judged(
        Action.ESCALATE,
        "weakening-core",
        rule="auth-guard-removed",
        path="app/api.py",
        kind=Kind.WEAKENING,
        location=Location("app/api.py", Side.OLD, 7, 7, 5, 32),
        title="Authorization check removed",
        message="delete_user no longer calls require_admin.",
        boundary="auth",
        symbol="delete_user",
        tip="",
        clearable="reviewer",
    )
    whole = judged(
        Action.BLOCK,
        "pin-mismatch",
        rule="pin-mismatch",
        path="models/m.safetensors",
        line=0,
        kind=Kind.MODEL,
        analyzer="models",
        boundary="",
        symbol="",
        title="Weights differ from their pin",
        severity=Severity.CRITICAL,
        message="",
        tip="",
    )
    notes = [
        judged(Action.NOTE, "touch", rule="touch-auth", line=n, title="Auth code touched", kind=Kind.TOUCH)
        for n in (3, 4, 5)
    ]
    return verdict(
        whole,
        off,
        removed,
        *notes,
        sources=(source(off, LINE), source(removed, "    require_admin(request.user)")),
        not_checked=(NotChecked("bandit", "not installed"), NotChecked("npm existence", "offline")),
        stages=(StageRun("read", "ran", 0.01), StageRun("flaws", "skipped", 0.0, "extra deep is not installed")),
        mechanical=(Mechanical("app/x.py", 1, 9, "layout only"),),
    )


def blind(**changes):
    skips = (Skip("boundaries", "blob 1234 is missing; fetch the full history", "app/a.py"), Skip("secrets", "late"))
    return verdict(decision=Decision.ESCALATE, exit_code=3, complete=False, skips=skips, would_have=3, **changes)


def hostile():
    item = judged(
        rule="hidden-unicode",
        path=f"dir/{HOSTILE}.py",
        title=HOSTILE,
        message=HOSTILE,
        tip=HOSTILE,
        symbol=HOSTILE,
        evidence=(HOSTILE,),
    )
    note = judged(Action.NOTE, rule="touch-auth", path=HOSTILE, line=4, title=HOSTILE, symbol=HOSTILE)
    bad = GLM._replace(
        agent=HOSTILE, model=HOSTILE, provider=HOSTILE, evidence=(Evidence("trailer", HOSTILE, HOSTILE),)
    )
    return verdict(
        item,
        note,
        sources=(source(item, HOSTILE),),
        origins=(OriginShare(bad, True, 1, 1),),
        skips=(Skip("flaws", HOSTILE, HOSTILE), Skip("flaws", HOSTILE, HOSTILE, error=False)),
        complete=False,
        not_checked=(NotChecked(HOSTILE, HOSTILE),),
        not_analysed=(NotAnalysed(HOSTILE, HOSTILE),),
        mechanical=(Mechanical(HOSTILE, 1, 1, HOSTILE),),
        notes=(HOSTILE,),
    )


def planted(text, path=""):
    """A verdict in which every text that can come from outside is `text`, findings of every action among them."""
    path = path or text
    spots = [Location(path, side, line, line, 1, 5) for side in Side for line in (0, 1, 2)]
    items = [
        Judged(
            finding(
                rule=text, analyzer=text, boundary=text, location=at, title=f"{text} {number}", message=text, tip=text,
                symbol=text, evidence=(text, text), fingerprint=f"{number:064x}",
            ),
            action, text, origin, "reviewer", text if number % 7 == 5 else "", text if number % 7 == 6 else "",
        )
        for number, (action, origin, at) in enumerate(
            (action, origin, at) for action in Action for origin in (text, "o0") for at in spots
        )
    ]  # fmt: skip
    who = GLM._replace(
        id=text, agent=text, model=text, provider=text, jurisdiction=text, vendor_jurisdiction=text,
        evidence=(Evidence(text, text, text),), commits=(text,),
    )  # fmt: skip
    opinion = Opinion("pending", text, "reviewer", text, (Quote(text, path, 1, "+"),))
    flags = tuple(
        FlagReview(item.finding.fingerprint, text, path, item.finding.location.line, opinion) for item in items
    )
    reviews = tuple(
        Review(
            text, outcome, text, text, sent=sent, lane=text, model=text, host=text, files=(text,), lines=1,
            flags=flags, not_sent=(text,) * 9, below_class=True,
        )
        for outcome, sent in (("answered", True), ("approved", False), (text, False), (text, True))
    )  # fmt: skip
    rows = (DiffRow(1, 1, text), DiffRow(0, 0, text), DiffRow(2, 0, text, text), DiffRow(0, 2, text, "o0"))
    return verdict(
        *items,
        diff_base=text, trusted_base=text, head=text, complete=False, origins=(OriginShare(who, True, 1, 1),),
        reasons=tuple(Reason("", text, action, text, text) for action in (Action.WARN, Action.BLOCK)),
        skips=(Skip(text, text, path), Skip(text, text, path, error=False)), not_checked=(NotChecked(text, text),),
        not_analysed=(NotAnalysed(path, text),), mechanical=(Mechanical(path, 1, 1, text),), notes=(text,),
        stages=(StageRun(text, "failed", 0.0, text),), reviews=reviews, renamed=((path, text),),
        sources=tuple(source(item, text, text, text) for item in items),
        diff=(DiffFile(path, text, rows, 3, (text,), 4, 5), DiffFile(f"{text}2", text, (), 7, (text,), 7, 0)),
    )  # fmt: skip


TEXT = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from([HOSTILE, "", "a.py"])
COUNT = st.integers(0, 10**6)
LOCATIONS = st.builds(Location, TEXT, st.sampled_from(Side), COUNT, COUNT, st.integers(1, 10**6), st.integers(1, 10**6))
FINDINGS = st.builds(
    Finding,
    rule=TEXT,
    analyzer=TEXT,
    kind=st.sampled_from(Kind),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    location=LOCATIONS,
    title=TEXT,
    message=TEXT,
    fingerprint=st.sampled_from(["0" * 64, "f" * 64]),
    boundary=st.sampled_from(["", *BOUNDARIES]),
    score=st.integers(0, 100),
    symbol=TEXT,
    tip=TEXT,
    evidence=st.lists(TEXT, max_size=2).map(tuple),
)
JUDGED = st.builds(
    Judged, FINDINGS, st.sampled_from(Action), TEXT, TEXT, st.sampled_from(["", "person", "reviewer"]), TEXT
)
ORIGINS = st.builds(
    Origin,
    id=TEXT,
    origin_class=st.sampled_from(OriginClass),
    agent=TEXT,
    model=TEXT,
    open_weights=st.sampled_from([None, True, False]),
    provider=TEXT,
    hosting=st.sampled_from(Hosting),
    jurisdiction=TEXT,
    trust=st.sampled_from(Trust),
    evidence=st.lists(st.builds(Evidence, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    commits=st.lists(TEXT, max_size=2).map(tuple),
)


def several(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


REASONS = st.builds(
    Reason,
    st.sampled_from(["", "0" * 64]),
    TEXT,
    st.sampled_from([Action.WARN, Action.ESCALATE, Action.BLOCK]),
    TEXT,
    TEXT,
)

VERDICTS = st.builds(
    Verdict,
    stage=st.sampled_from(["commit", "push", "pr"]),
    diff_base=TEXT,
    trusted_base=TEXT,
    head=TEXT,
    policy_digest=TEXT,
    rules_digest=TEXT,
    preset=st.sampled_from(["advise", "standard", "strict"]),
    decision=st.sampled_from(Decision),
    exit_code=st.integers(0, 4),
    complete=st.booleans(),
    findings=st.lists(JUDGED, max_size=3).map(tuple),
    reasons=several(REASONS),
    attribution=st.just(Attribution()),
    origins=several(st.builds(OriginShare, ORIGINS, st.booleans(), COUNT, COUNT)),
    skips=several(st.builds(Skip, TEXT, TEXT, TEXT, st.booleans())),
    not_checked=several(st.builds(NotChecked, TEXT, TEXT)),
    mechanical=several(st.builds(Mechanical, TEXT, COUNT, COUNT, TEXT)),
    stages=several(st.builds(StageRun, TEXT, st.sampled_from(["ran", "skipped", "failed"]), st.floats(0, 9), TEXT)),
    files_seen=COUNT,
    files_analysed=COUNT,
    not_analysed=several(st.builds(NotAnalysed, TEXT, TEXT)),
    notes=several(TEXT),
    sources=several(
        st.tuples(st.just("0" * 64 + "@1"), st.builds(Source, st.integers(1, 3), st.lists(TEXT, max_size=3).map(tuple)))
    ),
    would_have=st.integers(0, 4),
    renamed=several(st.tuples(TEXT, TEXT)),
    diff=several(
        st.builds(
            DiffFile, TEXT, TEXT, several(st.builds(DiffRow, st.integers(0, 3), st.integers(0, 3), TEXT, TEXT)), COUNT
        )
    ),
)
