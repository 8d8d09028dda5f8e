"""Text in a change that speaks to a reviewer or a model. Where it stands, no model clears anything."""

from __future__ import annotations

import re
from unicodedata import normalize

from trustgate.attribution.lookalike import fold

LOOK = 4_000
"""characters of a line that are looked at"""
_WHO = (
    r"(?:ai\s+|code\s+|security\s+|llm\s+)?(?:reviewers?|review\s+(?:bot|model|agent|tool)s?|llms?|language\s+models?|"
    r"ai\s+(?:model|assistant|agent)s?|assistants?|scanners?|auditors?|trustgate)"
)
_PERSUADES = re.compile(
    rf"(?i)\b(?:note|notice|attention|dear|message|instructions?|hint|info)\s+(?:to|for)\s+(?:the\s+|all\s+|any\s+)?{_WHO}\b|"
    rf"(?:#|//|/\*|<!--|--|;)\s{{0,8}}@?{_WHO}\s{{0,3}}[:,]\s{{0,8}}\S|\b(?:ai|code|security|llm)\s+reviewers?\s{{0,3}}[:,]|"
    rf"\b{_WHO}\s+(?:should|must|may|can|shall|need\s+not|needn'?t|please)\b[^.\n]{{0,60}}"
    r"\b(?:clear|ignore|skip|output|answer|treat|(?:approve|allow|accept|pass)\s+(?:this|it|without|automatically|all))\b|"
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+)?(?:the\s+|your\s+|these\s+|of\s+)?(?:previous|prior|earlier|above|"
    r"preceding|system|other|flags?|findings?|rules?|instructions?)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|messages?|"
    r"guidelines?|flags?|findings?|files?)\b|"
    r"\b(?:output|return|report|answer|respond|reply)\b[^.\n]{0,30}\b(?:no|zero|without|empty|only)\b[^.\n]{0,12}"
    r"\b(?:findings?|issues?|flags?|vulnerabilit\w+|additions?|concerns?)\b|"
    r"\b(?:clear|approve|dismiss|waive)\b[^.\n]{0,20}\b(?:all|every|each|this|these|any)\b[^.\n]{0,12}\b(?:flags?|findings?|alerts?)\b|"
    r"\b(?:already|has\s+been|have\s+been|was|were|is|pre-?)[\s-]*(?:been\s+)?(?:security[\s-])?(?:reviewed|approved|audited|vetted|cleared)\b"
    r"[^.\n]{0,40}\b(?:security|appsec|secops|infosec|team|auditors?|reviewers?|ciso|safe)\b|"
    r"\b(?:approved|reviewed|audited|vetted)\s+by\s+(?:the\s+)?(?:security|appsec|secops|infosec|ciso|auditors?)\b|"
    r"\b(?:you\s+are|act\s+as|pretend\s+to\s+be)\s+(?:now\s+)?(?:an?\s+)?(?:ai|llm|language\s+model|helpful|assistant|reviewer)\b|"
    r"\b(?:packet_id|saw_instructions|could_not_review|guard_quote)\b|"
    r"\b(?:last|final|trailing)\s+file\b[^.\n]{0,60}\b(?:synthetic|canary|decoy|ignore|skip|not\s+part|planted|fake)\b|"
    r"\b(?:canary|decoy|planted)\s+(?:file|line)s?\b[^.\n]{0,40}\b(?:ignore|skip|omit|leave\s+out)\b|"
    r"<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[/?INST\]|"
    r"\b(?:write|build|give|provide|explain)\b[^.\n]{0,30}\b(?:exploit|malware|ransomware|bioweapon|nerve\s+agent|pipe\s+bomb)s?\b"
)
"""linear: every gap is bounded and stops at a full stop"""


def persuades(text: str) -> str:
    """The words that speak to a reviewer, at most 80 characters; empty where there are none."""
    line = text[:LOOK]
    match = _PERSUADES.search(line)
    if match is None and not line.isascii():  # a model reads letters that only look like others
        match = _PERSUADES.search(fold(normalize("NFKC", line))[:LOOK])
    return match[0].strip()[:80] if match else ""
