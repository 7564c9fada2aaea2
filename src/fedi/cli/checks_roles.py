"""What `fedi doctor` sees of the roles that run, here and on other machines: who has the right to which work."""

from collections.abc import Sequence
from itertools import groupby

import psycopg

from fedi import shares
from fedi.cli.checks import Check
from fedi.effects import fence
from fedi.settings import Settings

WORKS = {
    "fold": "folds the log into views",
    "home feeds": "writes home timelines",
    "effects": "queues what is to be sent",
    "deliveries": "sends to other servers",
}


def of_roles(settings: Settings) -> list[Check]:
    """Look at who does what: by the locks that sessions of the database hold, which nobody keeps who is gone."""
    asked = {"feeds": shares.FEEDS, "deliveries": shares.DELIVERIES, "member": shares.MEMBER, "fence": fence.LOCK}
    try:
        with psycopg.connect(settings.database_url or "", connect_timeout=5) as connection:
            rows = connection.execute(shares.SQL["holders"], asked).fetchall()
    except psycopg.Error:
        return []  # that it does not answer is said already
    if not rows:
        return [Check("roles", "good", "none runs: `fedi serve` starts them")]
    holders = {work: list(each) for work, each in groupby(rows, key=lambda row: row[0])}
    return [_of_work(work, what, holders.get(work, [])) for work, what in WORKS.items()]


def _of_work(work: str, what: str, rows: Sequence[tuple[str, str, int]]) -> Check:
    if not rows:
        return Check("roles", "doubtful", f"nobody {what}")
    shared = work in {"home feeds", "deliveries"}
    parts = [_who(name) + (f" has {slices} of {shares.SLICES} slices" if shared else "") for _, name, slices in rows]
    return Check("roles", "good", f"{', '.join(parts)}: {what}")


def _who(application_name: str) -> str:
    """Return machine and process of a session: what `shares.session_of` says after the work."""
    return application_name.rpartition(" ")[2] or "somebody"
