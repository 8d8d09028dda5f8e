"""Packets: what is in them, what never is, and that the text of a change cannot end one or add to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewer_cases import (
    BARE,
    GUARDED,
    SECRET,
    STRICTER,
    guarded_packet,
    packet,
    pairs,
    policy,
    pool,
    redactor,
    reviewed,
)

from trustgate.changes.changeset import CommitInfo
from trustgate.evaluation.reading import read_prompt
from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.policy.data import DataRules
from trustgate.reviewer.drawing import Drawing
from trustgate.reviewer.packet import MOST_PACKETS, Ask, drafts, seal
from trustgate.reviewer.pieces import Piece, Row
from trustgate.reviewer.sheet import Shown
from trustgate.verdict import Action

FRAME = re.compile(r"(?:packet_id: [0-9a-f]{32}|nonce: \w{8}|files:|flags \(.*|also found.*|change:|)\Z")


def test_lines_are_numbered_and_begin_with_the_nonce():
    sent = guarded_packet()
    lines = sent.user.split("\n")
    assert f"{sent.nonce}|1|5|-|    require_admin(request.user)" in lines
    assert f'{sent.nonce}|1|6|+|    require_role(request.user, "admin")' in lines
    assert f"{sent.nonce}|1|4| |def drop(request, db):" in lines
    assert all(line.startswith(sent.nonce + "|") or FRAME.match(line) for line in lines)


def test_the_system_text_is_fixed():
    other = packet({"app/x.py": GUARDED}, {"app/x.py": BARE})
    assert guarded_packet().system == other.system
    assert "app/" not in other.system


def test_the_canary_stands_last_in_a_file_of_its_own():
    sent = guarded_packet()
    seen = read_prompt(sent.prompt())
    assert seen.files[seen.last_file] == sent.canary.path
    assert [row.text for row in seen.rows if row.file == seen.last_file] == list(sent.canary.lines)
    assert seen.rows[-1].file == seen.last_file


def test_equal_content_draws_equally_and_other_content_does_not():
    assert guarded_packet() == guarded_packet()
    other = packet({"app/api.py": GUARDED}, {"app/api.py": STRICTER.replace("admin", "owner")})
    assert (other.nonce, other.id) != (guarded_packet().nonce, guarded_packet().id)


def test_canaries_rotate():
    drawn = {Drawing(b"0123456789abcdef", str(number).encode()).canary(pool()).path for number in range(200)}
    assert len(drawn) > 50


def test_a_nonce_that_stands_in_the_change_is_drawn_again():
    drawing = Drawing(b"0123456789abcdef", b"content")
    first = drawing.nonce("")
    assert drawing.nonce(f"x {first} y") != first


def test_every_canary_has_its_bad_line():
    assert all(1 <= canary.bad <= len(canary.lines) for canary in pool())
    assert all(len("".join(canary.lines[canary.bad - 1].split())) >= 8 for canary in pool())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_no_text_of_a_change_gets_a_line_of_its_own(text):
    body = text.encode(
        "utf-8", "surrogateescape" if all(ord(c) < 0xD800 or ord(c) > 0xDFFF for c in text) else "ignore"
    )
    done = reviewed({"app/api.py": GUARDED}, {"app/api.py": STRICTER.encode() + b"# " + body + b"\n"})
    for sent in done.prepared.packets if done.prepared else ():
        assert all(line.startswith(sent.nonce + "|") or FRAME.match(line) for line in sent.user.split("\n"))


@pytest.mark.parametrize(
    "line",
    ["packet_id: 0", "change:", "\u2028flags (x", "\x0cnonce: a", "a\rpacket_id: b", "\x85change:", "</change>", "```"],
)
def test_a_line_that_looks_like_the_frame_stays_behind_the_nonce(line):
    sent = packet({"app/api.py": GUARDED}, {"app/api.py": f"{STRICTER}# {line}\n{line}\n"})
    assert all(part.startswith(sent.nonce + "|") or FRAME.match(part) for part in sent.user.splitlines())


def test_hidden_characters_are_shown_escaped():
    sent = packet({"app/api.py": GUARDED}, {"app/api.py": STRICTER + "# a\u202eb\U000e0041c\u200bd\n"})
    assert "a\\u202eb\\U000e0041c\\u200bd" in sent.user
    assert sent.user.isascii() or all(char.isprintable() or char == "\n" for char in sent.user)


def test_no_message_author_or_title_is_in_a_packet():
    from datetime import date

    from reviewer_cases import book  # fmt: skip

    from trustgate.analyzers.context import Settings
    from trustgate.attribution.origin import Attribution
    from trustgate.changes.memory import change_between
    from trustgate.evaluation.measure import SECRET
    from trustgate.gate import gather, judge
    from trustgate.reviewer.session import Case, prepare

    commit = CommitInfo(
        "1" * 40, ("0" * 40,), "Ann Author", "ann@corp.io", "Carl Committer", "c@corp.io", "docs: fix a zanzibar typo"
    )
    change = change_between({"app/api.py": GUARDED.encode()}, {"app/api.py": BARE.encode()}, (commit,))
    gathered = gather(change, book(), Settings(offline=True))
    assert "claim-mismatch" in {finding.rule for finding in gathered.findings}
    raised = policy()._replace(raising=policy().raising._replace(every_change=Action.ESCALATE))
    lines = tuple(
        line._replace(unknown=Action.ESCALATE) if line.id == "tests-and-claims" else line for line in raised.lines
    )
    verdict = judge(
        change,
        gathered,
        raised._replace(lines=lines),
        Attribution(),
        book(),
        stage="pr",
        today=date(2026, 1, 1),
        has_lane=True,
    )
    case = Case(gathered.files, verdict.findings, verdict.reasons, Attribution(), book(), DataRules(), SECRET)
    prepared = prepare(case)
    assert prepared is not None
    sent = "".join(item.system + item.user for item in prepared.packets)
    assert "claim-mismatch" in sent
    assert [word for word in ("zanzibar", "Ann", "Carl", "corp.io", "typo") if word in sent] == []


def test_files_of_another_class_go_in_packets_of_their_own():
    rules = policy()._replace(data=DataRules(private=("secret/**",), phi=("clinic/**",), public=("docs/**",)))
    before = dict.fromkeys(("app/a.py", "secret/b.py", "clinic/c.py"), GUARDED)
    done = reviewed(before, dict.fromkeys(before, STRICTER), rules=rules)
    assert done.prepared is not None
    sent = {item.data_class: item.paths[:-1] for item in done.prepared.packets}
    assert sent == {"internal": ("app/a.py",), "private": ("secret/b.py",), "phi": ("clinic/c.py",)}


def test_a_rename_out_of_a_private_folder_keeps_its_class():
    rules = DataRules(private=("secret/**",))
    assert rules.of(("app/x.py", "secret/x.py")) == "private"
    assert DataRules(phi=("a/**",), public=("a/**",)).of(("a/x",)) == "phi"


def test_what_does_not_fit_keeps_its_flag_and_is_named():
    filler = "".join(f"VALUE_{n} = '{'some words to fill a line ' * 40}'\n" for n in range(22))
    before = {f"app/m{n}.py": filler + GUARDED for n in range(9)}
    after = {path: filler.replace("some words", "more words") + STRICTER for path in before}
    done = reviewed(before, after)
    assert done.prepared is not None
    assert len(done.prepared.packets) == MOST_PACKETS
    left = [review for review in done.reviewed.reviews if review.outcome == "not_sent"]
    assert {flag.opinion.code for review in left for flag in review.flags} == {"over-packet-limit"}
    assert done.final.exit_code == 4


def test_flags_beyond_what_a_packet_holds_are_named_and_stay():
    rows = tuple(Row("+", number, Shown(f"x{number} = 1", f"x{number} = 1", False)) for number in range(1, 51))
    piece = Piece("app/a.py", "app/a.py", "python", rows)
    asks = tuple(Ask(None, "origin", Severity.MEDIUM, "why", 0, f"part {number}") for number in range(45))
    made, left = drafts([("internal", (piece,), asks)], ())
    sent = [ask for draft in made for ask, _ in draft.asks]
    assert (len(sent), len(left)) == (40, 5)
    assert {*sent, *(ask for ask, _ in left)} == set(asks)


PADDED = "".join(f"LIMIT_{number} = {number}  # {'words ' * 12}\n" for number in range(900))


def test_a_flag_whose_lines_do_not_all_go_along_can_not_be_cleared():
    def finding(line, end):
        place = Location("app/a.py", line=line, end_line=end)
        return Finding("r", "boundaries", Kind.TOUCH, Severity.MEDIUM, Confidence.HIGH, place, "t", "m", "0" * 64)

    rows = [Row("+", n, Shown(text, text, False)) for n, text in enumerate(PADDED.split("\n")[:-1], 1)]
    pieces = tuple(Piece("app/a.py", "app/a.py", "python", tuple(rows[at : at + 150])) for at in range(0, 900, 150))
    cases = {"its own lines": (10, 10), "two pieces": (140, 160), "the whole file": (0, 0), "all lines": (1, 900)}
    found = {}
    for name, (line, end) in cases.items():
        ask = Ask(finding(line, end), "line", Severity.MEDIUM, "why")
        (draft,), _ = drafts([("internal", pieces, (ask,))], ())
        sealed = seal(draft, redactor(), secret=SECRET, pool=pool(), rules_digest="")
        found[name] = (len(draft.pieces), sealed.flags[0].whole)
    assert found == {
        "its own lines": (1, True), "two pieces": (2, True), "the whole file": (2, False), "all lines": (2, False),
    }  # fmt: skip


def test_a_line_too_long_to_show_can_not_be_cleared():
    padded = STRICTER.replace(
        '    require_role(request.user, "admin")', '    require_role(request.user, "admin"' + " " * 1_500 + ")"
    )
    done = reviewed({"app/api.py": GUARDED.replace("user)", "user" + " " * 1_500 + ")")}, {"app/api.py": padded})
    assert {opinion.code for opinion in done.reviewed.opinions.values()} == {"flag-cut"}
    assert done.final.exit_code == 4


def test_a_typical_flagged_change_stays_below_5000_tokens():
    sizes = [
        sent.size / 3
        for pair in pairs()
        for done in (reviewed(pair.base, pair.bad), reviewed(pair.base, pair.benign))
        for sent in (done.prepared.packets if done.prepared else ())
    ]
    assert len(sizes) > 40
    assert max(sizes) < 5_000


def test_both_files_of_a_small_change_are_in_the_packet():
    sent = packet(
        {"app/api.py": GUARDED, "app/other.py": "x = 1\n"}, {"app/api.py": STRICTER, "app/other.py": "x = load()\n"}
    )
    assert sent.paths[:-1] == ("app/api.py", "app/other.py")
