"""Chance that says the same for the same seed, in the shapes that people's habits have."""

import random
import zlib
from datetime import UTC, datetime, timedelta

HEAD = 20.0
"""How flat the head of the distributions is (Zipf-Mandelbrot): nobody writes a tenth of everything."""
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
"""Before it nobody said anything; a million statuses end within a year of it."""
STEP = timedelta(seconds=30)
"""From one status to the next."""
WORDS = (
    "the", "of", "and", "to", "in", "is", "you", "that", "it", "was", "for", "on", "are", "with", "they", "this",
    "have", "from", "morning", "word", "what", "some", "we", "can", "out", "other", "were", "all", "there", "when",
    "up", "use", "your", "how", "said", "each", "she", "train", "window", "coffee", "people", "garden", "nothing",
)  # fmt: skip
LANGUAGES = ("en", "de", "ja", "fr", "es", "pt", "nl", "it")
TAGS = 2000
"""How many hashtags there are."""


def zipf(chance: random.Random, number: int) -> int:
    """Return one of `number` ranks from 0 on; low ranks come often, the last ones hardly ever."""
    return min(number - 1, rank(chance.random(), number))


def rank(share: float, number: int) -> int:
    """Return the rank of which `share`, 0 to 1, of all that happens lies below."""
    return int(HEAD * ((1.0 + number / HEAD) ** share - 1.0))


def of(*what: object) -> random.Random:
    """Return the chance of one thing, which nothing else draws from."""
    return random.Random(":".join(map(str, what)))


def share(*what: object) -> float:
    """Return a number from 0 to 1 that belongs to one thing."""
    return zlib.crc32(":".join(map(str, what)).encode()) / 2**32


def sentence(chance: random.Random, length: int) -> str:
    """Return so many words as a sentence."""
    return " ".join(chance.choices(WORDS, k=length)).capitalize() + "."


def moment(status: int) -> datetime:
    """Return when a status is written."""
    return BEGAN + STEP * status
