"""The command line, `fedi`: a file per verb.

The modules here import little, so that `fedi --help` is quick; a verb imports what does its work when it runs.
"""

from fedi.cli.main import main

__all__ = ["main"]
