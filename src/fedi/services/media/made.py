"""What comes of a film or sound when it is written anew; it crosses from the child to who asked."""

from typing import Any, Literal

import msgspec


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """`original` and `small` are names of files in the folder that was given; `meta` is as apps are told it."""

    kind: Literal["gifv", "video", "audio"]
    original: str
    small: str | None = None
    meta: dict[str, Any] = {}
    blurhash: str | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why a file is not taken; a text that may be shown."""

    refused: str
