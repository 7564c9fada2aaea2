"""How accounts and servers stand to each other."""

from fedi.facts import Fact


class FollowRequested(Fact, frozen=True, kw_only=True):
    """`uri` is the Follow activity's id, which the answer must name; `locked`: the target decides for itself."""

    account_id: int
    target_id: int
    uri: str
    locked: bool
    boosts: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()


class FollowAccepted(Fact, frozen=True, kw_only=True):
    """`account_id` now follows `target_id`, which is `locked` or lets everybody follow."""

    account_id: int
    target_id: int
    locked: bool


class FollowAnswered(Fact, frozen=True, kw_only=True):
    """`actor` answers a Follow that no account here sent: perhaps the server itself, to a relay."""

    uri: str
    actor: str
    accepted: bool


class ServerAsked(Fact, frozen=True, kw_only=True):
    """`actor` asks to follow `target`, which is no account: perhaps the server itself, as relays do."""

    uri: str
    actor: str
    target: str


class FollowEnded(Fact, frozen=True, kw_only=True):
    """`account_id` no longer follows, or no longer asks to follow, `target_id`; `by` is who ended it."""

    account_id: int
    target_id: int
    by: int


class AccountBlocked(Fact, frozen=True, kw_only=True):
    account_id: int
    target_id: int


class AccountUnblocked(Fact, frozen=True, kw_only=True):
    account_id: int
    target_id: int
