"""Media of statuses as clients see them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from fedi.descriptions import Attachment
from fedi.site import Site

FILMS = frozenset({"gifv", "video", "audio"})
_PROXIED = frozenset({"image"}) | FILMS
"""Remote media that are shown through this server."""
_PICTURES = frozenset({"image", "gifv"})
"""What is its own small picture, where there is no other."""


class MediaAttachment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: dict[str, Any] | None
    description: str | None
    blurhash: str | None


def media_attachments(
    found: Sequence[Attachment], site: Site, status_id: int, *, rejected: bool = False
) -> list[MediaAttachment]:
    """Return the media of a status; of those that are `rejected`, only where they are."""
    shown = [_attachment(each, site, status_id, index) for index, each in enumerate(found)]
    if not rejected:
        return shown
    return [msgspec.structs.replace(each, type="unknown", url=None, preview_url=None) for each in shown]


def _attachment(found: Attachment, site: Site, status_id: int, index: int) -> MediaAttachment:
    local = found.media_id is not None
    through_us = found.kind in _PROXIED and not local
    url = site.remote_media("attachments", status_id, index, found.url) if through_us else found.url
    preview_url = found.preview_url
    if preview_url and not local:
        preview_url = site.remote_media("previews", status_id, index, preview_url)
    return MediaAttachment(
        id=str(found.media_id) if local else f"{status_id}{index:02}",
        type=found.kind,
        url=url,
        preview_url=preview_url or (url if found.kind in _PICTURES else None),
        remote_url=None if local else found.url,
        preview_remote_url=None if local else found.preview_url or None,
        meta=_meta(found),
        description=found.description or None,
        blurhash=found.blurhash or None,
    )


def _meta(found: Attachment) -> dict[str, Any]:
    meta: dict[str, Any] = dict(found.meta or {})
    if "original" not in meta and found.width and found.height:
        aspect = found.width / found.height
        size = {"width": found.width, "height": found.height}
        meta["original"] = {**size, "size": f"{found.width}x{found.height}", "aspect": aspect}
    if found.duration is not None and found.meta is None:
        meta.setdefault("original", {})["duration"] = found.duration
    if found.focus is not None:
        meta["focus"] = {"x": found.focus[0], "y": found.focus[1]}
    return meta
