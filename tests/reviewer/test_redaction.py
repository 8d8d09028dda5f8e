"""Redaction: what goes, what stays, that lines stay where they are, and that a fault sends nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewer_cases import book, policy, redactor, reviewed

from trustgate.reviewer.redaction import RedactionError, Redactor
from trustgate.rulebook import parse_rule_file, rule_files, shipped_root
from trustgate.secrets.detector import Detector
from trustgate.verdict import Action

KEY = "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"
BLOCK = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "\n".join(["MIIEpAIBAAKCAQEA7bq" + "Q" * 45] * 6)
    + "\n-----END RSA PRIVATE KEY-----"
)

GONE = {
    "a token of a provider": (f'key = "{KEY}"', KEY, "<SECRET:github-token#1>"),
    "a mail address": ("owner: jo.doe@corp.io", "jo.doe@corp.io", "<MAIL#1>"),
    "a phone number": ("call +49 170 1234567 now", "170 1234567", "<PHONE#1>"),
    "a phone number of another country": ("call (555) 123-4567", "123-4567", "<PHONE#1>"),
    "an address of a machine": ('host = "10.20.30.40"', "10.20.30.40", "<IP#1>"),
    "one at the end of a sentence": ("it is 10.20.30.40.", "10.20.30.40", "<IP#1>."),
    "a longer address": ("listen fe80::1ff:fe23:4567:890a", "fe23", "<IP#1>"),
    "a card number": ("card 4111 1111 1111 1111", "1111 1111", "<CARD#1>"),
    "a card number in one piece": ("pay(4242424242424242)", "42424242", "<CARD#1>"),
    "a signed token": ('"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF12"', "eyJzdWIi", "<SECRET:jwt#1>"),
    "a record number": ("MRN: 00123456", "00123456", "<RECORD#1>"),
    "a patient id in code": ('patient_id = "AB-1234567"', "1234567", "<RECORD#1>"),
    "a social security number": ("ssn 078-05-1120", "078-05-1120", "<RECORD#1>"),
    "an NHS number": ("nhs 943 476 5919", "943 476 5919", "<RECORD#1>"),
    "a home folder": ("open('/home/alice/notes')", "alice", "/home/<USER#1>/notes"),
    "a home folder elsewhere": ("C:\\Users\\carol\\x", "carol", "<USER#1>"),
    "a password in an address": ("https://joe:hunter22@db.internal/x", "hunter22", "<SECRET:url-user#1>"),
    "random text": ('salt = "k9Xz2Lq7Wm4Tr8Vb1Nc6Hd3Yf5"', "k9Xz2Lq7", "#1>"),
    "a password that somebody typed": ('password = "hunter2"', "hunter2", "<SECRET:named#1>"),
    "one without quotes": ("DB_PASSWORD=correcthorse", "correcthorse", "<SECRET:named#1>"),
    "one of a YAML file": ("password: Tr0ub4dor&3xyz", "Tr0ub4dor", "<SECRET:named#1>"),
    "one on the next line": ('password = (\n    "Tr0ub4dor&3xyz"\n)', "Tr0ub4dor", "<SECRET:named#1>"),
    "one in a comment": ("# old password: Tr0ub4dor&3xyz", "Tr0ub4dor", "<SECRET:named#1>"),
    "one with a marker of scanners": ('pwd = "Tr0ub4dor&3xyz"  # pragma: allowlist secret', "Tr0ub4dor", "#1>"),
    "one of a connection": ("Server=db;User Id=sa;Password=Tr0ub4dor&3xyz;", "Tr0ub4dor", "<SECRET:named#1>"),
    "one in escapes": ('"password": "\\u0054\\u0072\\u0030\\u0075\\u0062\\u0034"', "u0054", "<SECRET:named#1>"),
    "an option": ("deploy --password Tr0ub4dor", "Tr0ub4dor", "<SECRET:named#1>"),
    "a login": ("curl -u admin:swordfish https://x.example", "swordfish", "<SECRET:named#1>"),
    "a login of .netrc": ("machine x login joe password Tr0ub4dor&3xyz", "Tr0ub4dor", "<SECRET:named#1>"),
    "a signature in an address": ("https://x.example/c?sv=2&sig=NqVwYS81VP7Hb1DX8p%3D", "NqVwYS", "<SECRET:named#1>"),
    "a token in a header": ("Cookie: session=etwt4ul44ldqbwzb90xya2clmhp3w6w7", "etwt4ul", "<SECRET:named#1>"),
    "random text behind a sign": ("x=k9Xz2Lq7Wm4Tr8Vb1Nc6Hd3Yf5", "k9Xz2Lq7", "<SECRET:random#1>"),
    "the whole of a long value": ("x: " + "aB3dE5fG7hI9" * 600 + "END", "END", "x: <SECRET:random#1>"),
    "a mail address in other letters": ("von müller@firma.de", "müller", "<MAIL#1>"),
    "a phone number with zeros": ("call 0049 170 1234567", "170 1234567", "<PHONE#1>"),
    "a key with an unseen character in it": (f"x = '{KEY[:5]}\u200b{KEY[5:]}'", KEY[5:], "<SECRET:hidden#1>"),
}
STAYS = {
    "loopback and wildcards": 'run("127.0.0.1", "0.0.0.0", "::1")',
    "the metadata service": 'get("http://169.254.169.254/latest")',
    "a pinned action": "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
    "an address of git": "url = git@git.example:team/repo",
    "a digest of a lock file": "integrity: sha512-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3",
    "a range of numbers": "range(1000000000000, 1700000000000)",
    "code": "return hmac.compare_digest(expected, given)",
    "where a password comes from": "password = get_password(user) or self.password2",
    "a type": "password: string;  token: str | None = None",
    "a comparison": 'if typeof token === "string" and auth == "none":',
    "a setting of a session": 'SESSION_COOKIE_SAMESITE = "None"',
    "a switch": 'require_token = "false"',
    "classes that hash": 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
    "a template": 'token: "${env:TOKEN}"',
    "an argument that is read": 'token = request.headers["X-Token"]',
    "the place of a token": 'TOKEN_URL = "/api/v1/users/me/token"',
    "a way to sign": 'jwt.decode(token, key, algorithms=["none"])',
    "a placeholder": "key = os.environ['API_KEY']",
    "a CIDR that means everybody": 'cidr_blocks = ["0.0.0.0/0"]',
    "a long name in words": "def test_that_a_very_long_name_is_left_alone_by_the_redactor():",
}


@pytest.mark.parametrize("name", GONE)
def test_takes_out(name):
    text, value, placeholder = GONE[name]
    shown = redactor().redacted(text)
    assert value not in shown
    assert placeholder in shown


@pytest.mark.parametrize("name", STAYS)
def test_leaves_alone(name):
    assert redactor().redacted(STAYS[name]) == STAYS[name]


def test_a_key_over_many_lines_leaves_every_line_where_it_was():
    text = f"a = 1\nkey = '''{BLOCK}'''\nb = 2\n"
    shown = redactor().redacted(text)
    assert shown.count("\n") == text.count("\n")
    assert "MIIE" not in shown
    assert shown.split("\n")[-2] == "b = 2"


def test_equal_values_have_equal_placeholders_and_others_do_not():
    one = redactor()
    other = KEY[:-6] + KEY[-6:][::-1]
    shown = one.redacted(f'a = "{KEY}"\nb = "{other}"\nc = "{KEY}"')
    lines = [line.split('"')[1] for line in shown.split("\n")]
    assert lines[0] == lines[2] != lines[1]


def test_a_value_found_in_one_text_is_taken_out_of_all():
    one = redactor()
    one.learn([f'token = "{KEY}"', f"see {KEY[4:]} and {KEY}"])
    assert KEY not in one.redacted(f"say('{KEY}')")
    with pytest.raises(RedactionError):
        one.assert_clean(f"anything {KEY} anything")


def test_many_values_in_much_text_are_an_error_and_not_an_hour(monkeypatch):
    monkeypatch.setattr("trustgate.reviewer.redaction.MOST_WORK", 10_000_000)
    one = redactor()
    one.learn(["\n".join(f"user{number}@corp{number}.io" for number in range(400))])
    with pytest.raises(RedactionError, match="too many values"):
        one.redacted("x = y\n" * 5_000)


def test_a_text_too_long_to_redact_is_an_error():
    with pytest.raises(RedactionError):
        redactor().redacted("x" * (4 * 1024 * 1024 + 1))


def samples():
    """Every line that a secret rule flags, and every line it was seen in."""
    for name, data in rule_files(shipped_root()).items():
        if name.startswith("secrets/"):
            for table in parse_rule_file(name, data).get("pattern", ()):
                yield from ((table["id"], line) for line in table["flags"])


def test_no_secret_of_the_rules_samples_leaves():
    """The secrets room's own samples, one after another in a changed file: no secret text is in any packet."""
    detector = Detector.from_rulebook(book())
    rows, secrets = [], set()
    for number, (_, sample) in enumerate(samples()):
        text = sample if isinstance(sample, str) else sample["line"]
        secrets |= {hit.secret for hit in detector.hits(text)}
        rows += [f"def step_{number}(request, db):", *(f"    # {line}" for line in text.split("\n")), ""]
    assert len(secrets) > 100
    tail = "def drop(request, db):\n    {}db.drop(1)\n"
    before = {"app/api.py": tail.format("require_admin(request.user)\n    "), "app/keys.py": "\n"}
    body = "\n".join(rows)
    after = {"app/api.py": tail.format(""), "app/keys.py": body.replace("    # ", "    ")}
    every = policy().raising._replace(every_change=Action.ESCALATE)
    prepared = reviewed(before, after, rules=policy()._replace(raising=every)).prepared
    assert prepared is not None and prepared.packets
    sent = "".join(packet.user for packet in prepared.packets)
    assert sum(packet.redactions for packet in prepared.packets) > 100
    left = [secret for secret in secrets if len(secret) >= 8 and secret in sent]
    assert left == []


def test_when_the_redactor_fails_nothing_is_sent(monkeypatch):
    """A side that is too long to be redacted whole: the file's flags stay, and no other file leaves either."""
    monkeypatch.setattr("trustgate.reviewer.sheet.SIDE_LIMIT", 2_000)
    guard = "def drop(request, db):\n    {}db.drop(1)\n"
    before = {"app/a.py": guard.format("require_admin(request.user)\n    ") + "# x\n" * 600, "app/b.py": "x = 1\n"}
    after = {"app/a.py": guard.format("") + "# x\n" * 600, "app/b.py": "x = 2\n"}
    done = reviewed(before, after)
    assert done.prepared is not None and done.prepared.packets == ()
    (review,) = done.reviewed.reviews
    assert (review.outcome, review.sent) == ("redaction_failed", False)
    assert {flag.opinion.standing for flag in review.flags} == {"pending"}
    assert done.final.exit_code == 4


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_keeps_its_lines(text):
    shown = Redactor(Detector.from_rulebook(book())).redacted(text)
    assert shown.count("\n") == text.count("\n")
