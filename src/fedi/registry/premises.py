"""What somebody says stands on who they are: on a token that holds, and on what its login prefers.

Neither is in the log, and any process may change it at any time. So whoever remembers it appends on the premise that it
is so still, and the statement that appends finds out (`Appender`). Rows are known by `xmin`: the transaction that wrote
them, which is another one after every change.
"""

from fedi.registry.tokens import Viewer
from fedi.sql import queries

FALLEN = queries(__file__)["fallen"]
"""The query for units that stand on what is not so any more, for the log."""


def premise_of(viewer: Viewer) -> tuple[int, int, int]:
    """Return the premise that a token and its login are as they were read. A token without a login never fulfils it."""
    return viewer.token_id, viewer.token_version, viewer.user_version or 0
