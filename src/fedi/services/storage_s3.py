"""Files in any S3 store: signed requests, made in threads, since the library blocks.

Addresses are as Mastodon makes them: S3_ALIAS_HOST where there is one, else the bucket behind the store's host.
"""

import asyncio
import io
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import certifi

from fedi.errors import ConfigurationError, Unavailable
from fedi.services.storage import media_type, well_formed
from fedi.settings import Settings

if TYPE_CHECKING:
    from minio import Minio

T = TypeVar("T")

PART_BYTES = 16 << 20
"""A larger file goes in parts of this size, each of which is held in memory."""
CONNECTIONS = 8
FOREVER = "public, max-age=315576000, immutable"
_AWAY = "The store of files does not answer."


class S3Storage:
    """Files in a bucket, shown by the store itself or by what stands before it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bucket = settings.s3_bucket
        prefix = settings.s3_key_prefix.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._base_url = base_url(settings)

    async def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. Raises ValueError for a key that is not of our form, Unavailable."""
        name = self._name(key)
        await self._do(lambda: self._put(key, name, io.BytesIO(data), len(data)))

    async def put_file(self, key: str, source: Path) -> None:
        """Keep a copy of a file under a key. Raises as `put` does."""
        name = self._name(key)

        def work() -> None:
            with source.open("rb") as file:
                self._put(key, name, file, source.stat().st_size)

        await self._do(work)

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None if nothing is or the key is malformed. Raises Unavailable."""
        if not well_formed(key):
            return None
        out = io.BytesIO()
        return out.getvalue() if await self._do(lambda: self._get(key, out)) else None

    async def fetch(self, key: str, target: Path) -> bool:
        """Copy what is kept under a key to a file; False if nothing is. Raises Unavailable."""

        def work() -> bool:
            with target.open("wb") as file:
                return self._get(key, file)

        return await self._do(work)

    def path(self, key: str) -> Path | None:
        """Return None: the store shows its files itself."""
        return None

    async def delete(self, key: str) -> None:
        """Forget what is kept under a key. Raises Unavailable."""
        name = self._name(key)
        await self._do(lambda: self._client.remove_object(self._bucket, name))

    def url(self, key: str) -> str:
        """Return the address at which everybody finds a file."""
        return f"{self._base_url}/{self._name(key)}"

    def _name(self, key: str) -> str:
        if not well_formed(key):
            raise ValueError(f"{key!r} is not a storage key")
        return self._prefix + key

    def _put(self, key: str, name: str, data: Any, length: int) -> None:
        kind = media_type(key)
        self._client.put_object(
            self._bucket,
            name,
            data,
            length,
            content_type=kind or "application/octet-stream",
            metadata=self._headers(public=kind is not None),
            part_size=PART_BYTES,
            num_parallel_uploads=1,
        )

    def _headers(self, *, public: bool) -> dict[str, str | list[str] | tuple[str]]:
        """What only we may read is neither public nor kept by anybody's cache."""
        headers: dict[str, str | list[str] | tuple[str]] = {}
        permission = self._settings.s3_permission if public else "private"
        if self._settings.s3_permission != "none":
            headers["x-amz-acl"] = permission
        if self._settings.s3_storage_class:
            headers["x-amz-storage-class"] = self._settings.s3_storage_class
        return headers | {"Cache-Control": FOREVER if public else "private, no-store"}

    def _get(self, key: str, target: Any) -> bool:
        from minio.error import S3Error

        try:
            answer = self._client.get_object(self._bucket, self._name(key))
        except S3Error as error:
            if error.code == "NoSuchKey":
                return False
            raise
        try:
            shutil.copyfileobj(answer, target, 1 << 20)
        finally:
            answer.close()
            answer.release_conn()
        return True

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(self._translated, work)

    def _translated(self, work: Callable[[], T]) -> T:
        from minio.error import MinioException
        from urllib3.exceptions import HTTPError

        try:
            return work()
        except (MinioException, HTTPError, OSError) as error:
            raise Unavailable(_AWAY) from error

    @cached_property
    def _client(self) -> "Minio":
        import urllib3
        from minio import Minio  # takes a third of a second to import: only who uses it pays

        settings = self._settings
        parts = urlsplit(endpoint(settings))
        client = Minio(
            parts.netloc,
            settings.aws_access_key_id,
            settings.aws_secret_access_key,
            secure=parts.scheme == "https",
            region=settings.s3_region,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=settings.s3_open_timeout, read=settings.s3_read_timeout),
                maxsize=CONNECTIONS,
                cert_reqs="CERT_REQUIRED",
                ca_certs=certifi.where(),
                retries=urllib3.Retry(settings.s3_retry_limit, backoff_factor=0.2, status_forcelist=[500, 502, 503]),
            ),
        )
        if settings.s3_override_path_style:
            client.enable_virtual_style_endpoint()
        return client


def endpoint(settings: Settings) -> str:
    """Return where requests go, with scheme. Raises ConfigurationError for what is no address of a host."""
    if settings.s3_endpoint is None:
        return f"https://{settings.s3_hostname or _amazon(settings)}"
    parts = urlsplit(settings.s3_endpoint)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ConfigurationError(f"S3_ENDPOINT={settings.s3_endpoint}: should be like https://s3.example")
    return f"{parts.scheme}://{parts.netloc}"


def base_url(settings: Settings) -> str:
    """Return what the address of every file begins with, without a slash at the end."""
    if settings.s3_alias_host:
        return f"{settings.s3_protocol}://{settings.s3_alias_host.strip('/')}"
    host = settings.s3_hostname or urlsplit(endpoint(settings)).netloc
    if settings.s3_endpoint is not None and not settings.s3_override_path_style:
        return f"{settings.s3_protocol}://{host}/{settings.s3_bucket}"
    return f"{settings.s3_protocol}://{settings.s3_bucket}.{host}"


def _amazon(settings: Settings) -> str:
    return f"s3.{settings.s3_region}.amazonaws.com"
