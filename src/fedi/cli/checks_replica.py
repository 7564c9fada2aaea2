"""What `fedi doctor` sees of the standby from which views are read."""

import psycopg

from fedi.cli.checks import Check
from fedi.settings import Settings
from fedi.sql import queries


def of_replica(settings: Settings) -> list[Check]:
    """Look whether the standby is one, and how many events it is behind."""
    if settings.replica_database_url is None:
        return []
    try:
        with psycopg.connect(settings.replica_database_url, connect_timeout=5) as standby:
            seen = standby.execute(queries(__file__)["standby"]).fetchone()
        with psycopg.connect(settings.database_url or "", connect_timeout=5) as primary:
            folded = primary.execute(queries(__file__)["primary"]).fetchone()
    except psycopg.Error as error:
        finding = f"is not read, as it does not answer: {str(error).strip().splitlines()[0]}"
        return [Check("standby", "doubtful", finding)]
    assert seen is not None
    assert folded is not None
    is_standby, position = seen
    if not is_standby:
        return [Check("standby", "bad", "REPLICA_DATABASE_URL leads to a server that is no standby")]
    return [Check("standby", "good", f"is {max(0, folded[0] - position)} events behind")]
