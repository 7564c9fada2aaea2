"""Who may do something to a post: whoever may see it, by the same rule as in every view (`may_see.SUFFICES`).

A post's address can be guessed. What somebody does to one that they may not see is not so: it counts nowhere, and tells
nobody of itself. It is judged by what is known where the act stands in the log; what changes later changes nothing
about it. Of people here nothing is asked: `can_see` was, before they said it.
"""

from collections.abc import Iterator
from typing import Literal

from fedi.descriptions import Visibility
from fedi.may_see import SUFFICES, Standing, may_see
from fedi.meaning.names import Name, name_of
from fedi.meaning.ref import Ref
from fedi.meaning.references import References

_OPEN = frozenset(visibility for visibility, ties in SUFFICES.items() if "anyone" in ties)
"""What anybody sees whom the author does not block: of nobody else it has to be known how they stand to each other."""
_JUDGED = {
    (visibility, author, blocked): may_see(visibility, Standing(author=author, blocked=blocked))
    for visibility in _OPEN
    for author in (False, True)
    for blocked in (False, True)
}
"""What the rule says of such posts, judged once: nearly all that is done is done to them."""


def sees(actor: Ref, post: Ref, refs: References) -> bool:
    """Tell whether an actor may see a post."""
    if actor.local:
        return True
    if post.visibility == "":
        return False
    author = actor.id == post.author_id
    blocked = refs.live("block", post.author_uri, actor.uri) is not None
    if post.visibility in _OPEN:
        return _JUDGED[post.visibility, author, blocked]
    follow = refs.live("follow", actor.uri, post.author_uri)
    standing = Standing(
        author=author,
        follower=follow is not None and follow.stamp is not None and follow.position >= (actor.returned or 0),
        mentioned=refs.live("addressed", post.uri, actor.uri) is not None,
        blocked=blocked,
    )
    return may_see(post.visibility, standing)


def names(actor: str, post: str, author: str, visibility: Visibility | Literal[""]) -> Iterator[Name]:
    """Yield what `sees` asks for, by the URIs of all three, so that a batch loads it in one go."""
    yield name_of("block", author, actor)
    if visibility not in _OPEN:
        yield name_of("follow", actor, author)
        yield name_of("addressed", post, actor)


def address(post: Ref, actor: Ref | None, refs: References, position: int) -> None:
    """Remember that a post that is not for everybody is for an actor elsewhere. Only its name says for whom."""
    if actor is None or actor.local or post.visibility in ("public", "unlisted"):
        return
    name = name_of("addressed", post.uri, actor.uri)
    if refs.at(name) is None:
        refs.put(Ref(name=name, uri="", kind="addressed", position=position))
