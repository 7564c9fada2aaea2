"""Where `fedi` begins: starts a verb, and turns faults into one clear line."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from fedi.cli.arguments import ENV_FILE, settings_of, with_file_first
from fedi.cli.repeats import Repeats
from fedi.cli.starting import VERBS, start
from fedi.errors import FediError
from fedi.sql import said


def main() -> None:
    """Run the command line; the exit code is 0, 1 for a fault, 2 for wrong usage, 130 for Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Repeats())
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job, thrice
    try:
        run(with_file_first(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except FediError as error:
        print(f"fedi: {error}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        from psycopg import OperationalError  # verbs that ask no database start without it

        if not isinstance(error, OperationalError):
            raise
        print(f"fedi: the database: {said(error)}", file=sys.stderr)
        sys.exit(1)


def run(arguments: Sequence[str]) -> None:
    """Run a verb. One that runs for long has no options, and is started without what reads those of others.

    All its processes would keep that in memory for ever, 16 MB together, and start a fifth of a second later.
    """
    match arguments:
        case [verb] if verb in VERBS:
            start(verb, settings_of(None))
        case [option, file, verb] if option == ENV_FILE and verb in VERBS:
            start(verb, settings_of(Path(file)))
        case _:
            from fedi.cli.command_line import command_line

            command_line()([*arguments])
