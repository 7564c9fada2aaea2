"""The rule who may see a status, apart from where it is known how people stand to each other. Pure."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from fedi.descriptions import Visibility

Tie = Literal["anyone", "follower", "mentioned"]
"""What may join a viewer to a status. A block by the author undoes the first two; what was said to somebody stays."""

SUFFICES: Mapping[Visibility, frozenset[Tie]] = {
    "public": frozenset({"anyone"}),
    "unlisted": frozenset({"anyone"}),
    "private": frozenset({"follower", "mentioned"}),
    "direct": frozenset({"mentioned"}),
}
"""Any one of these ties is enough. Authors see everything of their own, and nobody anything of the suspended."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one viewer stands to a status and to its author. All false is somebody who is not signed in."""

    author: bool = False
    follower: bool = False
    mentioned: bool = False
    blocked: bool = False
    """The author blocks the viewer."""
    suspended: bool = False
    """The author is suspended."""


def may_see(visibility: Visibility, standing: Standing) -> bool:
    """Tell whether a viewer may see a post, or a boost apart from its original."""
    if standing.suspended:
        return False
    holds: dict[Tie, bool] = {
        "anyone": not standing.blocked,
        "follower": standing.follower and not standing.blocked,
        "mentioned": standing.mentioned,
    }
    return standing.author or any(holds[tie] for tie in SUFFICES[visibility])
