"""What `fedi doctor` looks at where files are kept in an S3 store."""

import asyncio
from urllib.parse import urlsplit

from fedi.cli.checks import Check
from fedi.errors import FediError
from fedi.services.storage_choice import media_origin, open_storage
from fedi.settings import Settings

_NOTHING = "doctor/nothing.png"


def of_media(settings: Settings) -> list[Check]:
    """Ask the store for a file that is not there, which takes the right secret; and look at what host shows files."""
    if not settings.s3_enabled:
        return []
    try:
        asyncio.run(open_storage(settings).get(_NOTHING))
        checks = [Check("S3", "good", f"bucket {settings.s3_bucket} answers")]
    except FediError as error:
        cause = f": {error.__cause__}" if error.__cause__ else ""
        checks = [Check("S3", "bad", f"{error}{cause}".splitlines()[0])]
    if urlsplit(media_origin(settings)).netloc in {settings.web_domain, settings.local_domain}:
        found = "S3_ALIAS_HOST is the host that people sign in on: give files a host of their own"
        checks.append(Check("S3", "doubtful", found))
    return checks
