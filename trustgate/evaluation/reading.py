"""A packet as a model sees it: parsed from the text that left, and from nothing else."""

from __future__ import annotations

from typing import NamedTuple

from trustgate.reviewer.asking import Prompt


class SeenFlag(NamedTuple):
    id: str
    rule: str
    severity: str
    file: int
    sign: str
    line: int
    """0 for the file as a whole"""
    guard: bool


class SeenRow(NamedTuple):
    file: int
    line: int
    sign: str
    text: str

    @property
    def code(self) -> str:
        """The line when it is code, as a truthful reader sees it; empty for a remark."""
        bare = self.text.strip()
        return "" if bare.startswith(("#", "//", "/*", "*", '"""', "<comment>", "--")) else bare

    @property
    def quotable(self) -> bool:
        return len("".join(self.code.split())) >= 8


class Seen(NamedTuple):
    packet_id: str
    nonce: str
    files: dict[int, str]
    flags: tuple[SeenFlag, ...]
    rows: tuple[SeenRow, ...]

    @property
    def last_file(self) -> int:
        return max(self.files)


def read_prompt(prompt: Prompt) -> Seen:
    """Raises ValueError for a prompt that is not laid out as packets are."""
    lines = prompt.user.split("\n")
    if not (lines[0].startswith("packet_id: ") and lines[1].startswith("nonce: ")):
        raise ValueError("not a packet")
    nonce = lines[1].removeprefix("nonce: ")
    files: dict[int, str] = {}
    flags: list[SeenFlag] = []
    rows: list[SeenRow] = []
    section = ""
    for line in lines[2:]:
        if not line.startswith(nonce):
            section = line.split(" ")[0].rstrip(":") or section
            continue
        parts = line.split("|", 4)
        if section == "files":
            files[int(parts[1])] = parts[4]
        elif section == "flags":
            _, flag_id, rule, _, severity, _, file, place, needs, _ = line.split("|", 9)
            sign, number = (place[0], int(place[1:])) if place[0] in "+-" else ("+", 0)
            flags.append(SeenFlag(flag_id, rule, severity, int(file), sign, number, "guard" in needs))
        elif section == "change" and len(parts) == 5:
            rows.append(SeenRow(int(parts[1]), int(parts[2]), parts[3], parts[4]))
    return Seen(lines[0].removeprefix("packet_id: "), nonce, files, tuple(flags), tuple(rows))
