"""Tells in a terminal what happens, each server in a colour of its own."""

import time

from rich.console import Console
from rich.text import Text

READING_SECONDS = 0.8
COLOURS = ("cyan", "magenta")


class Narrator:
    """Prints one line for each thing that happens. In a terminal it leaves time to read; into a pipe it does not."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun = time.monotonic()
        self._colours: dict[str, str] = {}

    def heading(self, text: str) -> None:
        """Begin a part of the story."""
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def act(self, who: str, text: str) -> None:
        """Say what somebody does."""
        self._line(who, Text(text))
        if self._console.is_terminal:
            time.sleep(READING_SECONDS)

    def seen(self, who: str, text: str, seconds: float) -> None:
        """Say what somebody's stream printed, and how long after the act."""
        self._line(who, Text.assemble(("stream: ", "dim"), text, (f"  after {seconds * 1000:.0f} ms", "dim")))

    def end(self, text: str) -> None:
        """Close the story."""
        self._console.print()
        self._console.print(Text(f"{text} {time.monotonic() - self._begun:.0f} s in all.", style="bold green"))

    def failed(self, text: str) -> None:
        """Say what should have happened and did not."""
        self._console.print()
        self._console.print(Text(text, style="bold red"))

    def _line(self, who: str, text: Text) -> None:
        colour = self._colours.setdefault(who, COLOURS[len(self._colours) % len(COLOURS)])
        clock = f"{time.monotonic() - self._begun:5.1f} s  "
        self._console.print(Text.assemble((clock, "dim"), (f"{who:<6}", colour), text))
