"""What a film or sound may be at most: as Mastodon says, where it says something."""

MAX_FILM_BYTES = 99 * 1024 * 1024
MAX_PIXELS = 8_294_400
"""Of one frame."""
MAX_RATE = 120
"""Frames each second."""
MAX_SECONDS = 4 * 3600.0
MAX_FRAMES = 500_000
"""What is written anew at most, whatever the header says."""
MAX_BROKEN = 100
"""Packets that may be beyond decoding before the whole file counts as broken."""
