"""`make demo`: two servers on loopback federate before your eyes, then fold everything they know again.

Needs what `make serve` needs and nothing else. It leaves nothing behind, and exits with 1 if something that should have
happened did not.
"""

import contextlib
import signal
import sys
from types import FrameType

from rich.console import Console

from ops.demo.narrator import Narrator
from ops.demo.person import DidNotHappen
from ops.demo.server import serving
from ops.demo.story import tell

PEOPLE = ("ann", "bob")


def main() -> int:
    """Tell the story; return the exit code."""
    narrator = Narrator(Console(highlight=False))
    narrator.heading("Two servers start, each with a database and a cache of its own")
    try:
        with contextlib.ExitStack() as stack:
            servers = {name: stack.enter_context(serving(name)) for name in PEOPLE}
            for name, server in servers.items():
                server.wait()
                narrator.act(name, f"a server answers at {server.base_url}")
            tell(narrator, servers)
    except DidNotHappen as error:
        narrator.failed(str(error))
        return 1
    except KeyboardInterrupt:
        narrator.failed("interrupted")
        return 130
    narrator.end("It all happened, twice told and equal.")
    return 0


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupted)
    sys.exit(main())
