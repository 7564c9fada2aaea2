"""What a search finds, as clients see it."""

import msgspec

from fedi.api.entities.accounts import Account
from fedi.api.entities.statuses import Status
from fedi.api.entities.tags import Tag


class Search(msgspec.Struct, frozen=True, kw_only=True):
    accounts: list[Account] = []
    statuses: list[Status] = []
    hashtags: list[Tag] = []
    collections: tuple[()] = ()
