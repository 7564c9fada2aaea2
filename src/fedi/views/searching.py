"""Looking for many words in a text, in time that no choice of words or text can make long. Pure.

Nothing is a pattern here: an alternation of a thousand escaped words is tried at each place, each as far as it fits,
and half a kilobyte of the same letter fits nearly everywhere. What is a word is what Mastodon's `[[:word:]]` says:
letters, marks (without which Hindi has no whole words), digits and connectors.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Set as AbstractSet
from functools import cache

import msgspec

TRIED = 100
"""Places at which a needle is looked at more closely: in no honest text are more of them within other words."""
_MARKS = frozenset({"Mn", "Mc", "Me", "Pc"})
_MARKED = 0x1FFFF
"""Above, there are no marks but the variation selectors."""
_SELECTORS = "\U000e0100-\U000e01ef"


class Needle(msgspec.Struct, frozen=True):
    """What is looked for, folded. `begins` and `ends` tell where it has to begin and end a word."""

    text: str
    begins: bool
    ends: bool
    single: bool
    """Whether it is one whole word and nothing else."""


class Haystack:
    """A text in which is looked for needles; its words are found once, when the first needle asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = folded(text)
        self._words: dict[str, int] | None = None
        self._starts: list[int] = []
        self._ends: set[int] = set()

    def has_any(self, words: AbstractSet[str]) -> bool:
        """Tell whether one of some folded words stands there as a whole word."""
        return not self._split().keys().isdisjoint(words)

    def find(self, needle: Needle) -> str | None:
        """Return the first place where a needle is found, as it is written there."""
        place = self._find_words(needle) if needle.begins or needle.ends else self._folded.find(needle.text)
        return None if place < 0 else self._text[place : place + len(needle.text)]

    def _find_words(self, needle: Needle) -> int:
        words = self._split()
        if needle.single:
            return words.get(needle.text, -1)
        place = self._folded.find(needle.text)
        for _ in range(TRIED):
            if place < 0 or self._fits(needle, place):
                return place
            place = self._folded.find(needle.text, self._after(needle, place))
        return -1

    def _fits(self, needle: Needle, place: int) -> bool:
        after = bisect_right(self._starts, place)
        begun = after > 0 and self._starts[after - 1] == place
        return (begun or not needle.begins) and (not needle.ends or place + len(needle.text) in self._ends)

    def _after(self, needle: Needle, place: int) -> int:
        """Return where to look on: what has to begin a word is not looked for within one."""
        if not needle.begins:
            return place + 1
        after = bisect_right(self._starts, place)
        return self._starts[after] if after < len(self._starts) else len(self._folded)

    def _split(self) -> dict[str, int]:
        if self._words is None:
            self._words = {}
            for word in _words().finditer(self._folded):
                self._words.setdefault(word.group(), word.start())
                self._starts.append(word.start())
                self._ends.add(word.end())
        return self._words


def needle(text: str, *, whole_word: bool) -> Needle:
    """Return what finds a text; as a whole word, where it begins and ends with something that words are made of."""
    found = folded(text)
    begins = whole_word and _words().match(found[:1]) is not None
    ends = whole_word and _words().match(found[-1:]) is not None
    single = begins and ends and _words().fullmatch(found) is not None
    return Needle(found, begins, ends, single)


def folded(text: str) -> str:
    """Return a text in which capitals do not count, letter for letter as long as it was."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lower.replace("ς", "σ")


@cache
def _words() -> re.Pattern[str]:
    """Python's own `\\w` has no marks. They are collected when the first text asks for it: it takes a moment."""
    marks = "".join(chr(code) for code in range(_MARKED) if unicodedata.category(chr(code)) in _MARKS)
    return re.compile(f"[\\w{re.escape(marks)}{_SELECTORS}]+")
