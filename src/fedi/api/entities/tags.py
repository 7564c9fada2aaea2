"""Hashtags as clients see them. They are known by their names; ids are there because clients expect some."""

import msgspec
from msgspec import UNSET, UnsetType


class TagHistory(msgspec.Struct, frozen=True, kw_only=True):
    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool | UnsetType = UNSET
    featuring: bool | UnsetType = UNSET
