"""The page about security keeps a list of attacks; each has a test of its number, or a reason why there is none."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ALL, _, UNTRIED = PAGE.partition("## What it is tried with")[2].partition("### What cannot be tried here")
TRIED = ALL.partition("### What is refused on purpose")[0]
_NUMBER = re.compile(r"\bS-\d{3}\b")
_REASON = re.compile(r"^\| (S-\d{3}) \| .{30,} \|$", re.MULTILINE)
_TEST = re.compile(r"^\s*(?:async )?def test_((?:s_\d{3}_)+)[a-z]", re.MULTILINE)
FEWEST = 107
"""Attacks that were on the list once: what has been met elsewhere does not go away."""


def _tested() -> Counter[str]:
    found: Counter[str] = Counter()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for numbers in _TEST.findall(file.read_text(encoding="utf-8")):
            found.update(f"S-{number}" for number in re.findall(r"\d{3}", numbers))
    return found


def test_every_attack_is_listed_once() -> None:
    listed = _NUMBER.findall(TRIED)
    assert len(listed) == len(set(listed)) >= FEWEST
    assert listed == sorted(listed)


def test_every_attack_is_tried_or_cannot_be() -> None:
    listed, tested, reasons = set(_NUMBER.findall(TRIED)), set(_tested()), set(_REASON.findall(UNTRIED))
    assert listed - tested - reasons == set(), "neither a test of this number nor a reason"
    assert tested & reasons == set(), "a reason why what is tried cannot be"
    assert tested | reasons <= listed, "a number that is not on the list"
