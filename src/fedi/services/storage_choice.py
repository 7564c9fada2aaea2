"""Which store the settings name, and where its files are shown."""

from urllib.parse import urlsplit

from fedi.services.storage import Storage
from fedi.services.storage_folder import FolderStorage
from fedi.settings import Settings


def open_storage(settings: Settings) -> Storage:
    """Return the store that the settings name; it connects when it is first used."""
    if settings.s3_enabled:
        from fedi.services.storage_s3 import S3Storage

        return S3Storage(settings)
    return FolderStorage(settings.data_dir / "media", settings.site.base_url)


def media_origin(settings: Settings) -> str:
    """Return scheme and host of files where they are shown by another host than this server's, else an empty text."""
    if not settings.s3_enabled:
        return ""
    from fedi.services.storage_s3 import base_url

    parts = urlsplit(base_url(settings))
    return f"{parts.scheme}://{parts.netloc}"
