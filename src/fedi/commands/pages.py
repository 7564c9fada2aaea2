"""Pages about the server, as the staff writes them."""

from datetime import date

import msgspec

from fedi.errors import ClientError
from fedi.events.server import ServerPageWritten

LONGEST = 500_000


def written(page: str, content: str, effective_on: date | None) -> ServerPageWritten:
    """Return what is to be noted when a page is written.

    Raises:
        ClientError: there is no such page, it is too long, or only one of the two has a day: terms need one.
    """
    if len(content) > LONGEST:
        raise ClientError(f"a page may have {LONGEST} characters")
    if (page == "terms_of_service") != (effective_on is not None):
        raise ClientError("terms of service, and only they, are in force from a day on: --effective YYYY-MM-DD")
    day = "" if effective_on is None else effective_on.isoformat()
    try:
        return msgspec.convert({"page": page, "content": content, "effective_on": day}, ServerPageWritten)
    except msgspec.ValidationError as error:
        raise ClientError(f"there is no page {page}") from error
