"""What a file is, by its first bytes alone: what somebody calls it is never believed. Pure."""

import re
from typing import Literal

Container = Literal["mp4", "mov", "webm", "ogg", "mp3", "flac", "wav", "aac", "gif"]
Still = Literal["jpeg", "png", "gif", "webp", "avif", "heic"]
SUPPORTED = (
    "image/jpeg", "image/png", "image/gif", "image/heic", "image/heif", "image/webp", "image/avif",
    "video/webm", "video/mp4", "video/quicktime", "video/ogg",
    "audio/wave", "audio/wav", "audio/x-wav", "audio/x-pn-wave", "audio/vnd.wave", "audio/ogg", "audio/vorbis",
    "audio/mpeg", "audio/mp3", "audio/webm", "audio/flac", "audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4",
    "audio/3gpp", "audio/opus",
)  # fmt: skip
"""The types that are understood, under every name they go by."""
HEAD = 64
"""How many bytes have to be looked at."""

_IMAGE_BRANDS: dict[bytes, Still] = {b"avif": "avif", b"avis": "avif"}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_BARE_MOVIE = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_MPEG_AUDIO = re.compile(rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]", re.DOTALL)


def still(head: bytes) -> Still | None:
    """Return which kind of picture begins so; an animation is one too."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return _heif(head) if head[4:8] == b"ftyp" else None


def film(head: bytes) -> Container | None:
    """Return which kind of film or sound begins so; a GIF is one as well."""
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[4:8] == b"ftyp":
        return None if _heif(head) else ("mov" if head[8:12] == b"qt  " else "mp4")
    if head[4:8] in _BARE_MOVIE:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head else None
    return _sound(head)


def _sound(head: bytes) -> Container | None:
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"fLaC"):
        return "flac"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith((b"\xff\xf1", b"\xff\xf9")):
        return "aac"
    return "mp3" if _MPEG_AUDIO.match(head) else None


def _heif(head: bytes) -> Still | None:
    """Return which picture an ISO file holds, by the brands of its first box (ISO/IEC 14496-12 §4.3)."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4))]
    for brand in brands:
        if brand in _IMAGE_BRANDS:
            return _IMAGE_BRANDS[brand]
    return "heic" if brands[0] in _HEIF_BRANDS else None
