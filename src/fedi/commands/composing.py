"""From a text to a post: whom it names, and what it looks like."""

import msgspec

from fedi.activitypub.vocabulary import links, text
from fedi.activitypub.vocabulary.text import MentionTarget
from fedi.commands.context import Context
from fedi.descriptions import Mention
from fedi.views.targets import AccountRef

MAX_MENTIONS = 50


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What the text of a post becomes."""

    content: str
    mentions: tuple[Mention, ...]
    hashtags: tuple[str, ...]
    named: tuple[AccountRef, ...] = ()
    """Whose the mentions are, in their order."""


async def body(context: Context, written: str) -> Body:
    """Resolve the handles of a text and return what it becomes; a handle of nobody stays plain text."""
    found = await _found(context, written)
    linked = {handle: _target(ref) for handle, ref in found.items()}
    people = {ref.uri: ref for ref in found.values()}.values()
    return Body(
        content=text.render(written, linked, context.site),
        mentions=tuple(_mention(context, ref) for ref in people),
        hashtags=text.hashtags_in(written),
        named=tuple(people),
    )


async def named(context: Context, written: str) -> dict[str, MentionTarget]:
    """Return whom the handles in a text stand for."""
    return {handle: _target(ref) for handle, ref in (await _found(context, written)).items()}


async def _found(context: Context, written: str) -> dict[str, AccountRef]:
    found: dict[str, AccountRef] = {}
    for handle in text.mentions_in(written)[:MAX_MENTIONS]:
        ref = await context.resolve(handle)
        if ref is not None and not ref.suspended:
            found[handle] = ref
    return found


def with_link(content: str, quoted_url: str) -> str:
    """Return HTML with a link to what is quoted first, for servers and apps that show no quotes; others hide it."""
    return f'<p class="quote-inline">RE: {links.shortened(quoted_url)}</p>{content}'


def _target(ref: AccountRef) -> MentionTarget:
    return MentionTarget(uri=ref.uri, url=ref.url, username=ref.username, domain=ref.domain)


def _mention(context: Context, target: AccountRef) -> Mention:
    """Always with the domain: of two servers that read the post only one is meant by a bare name."""
    return Mention(uri=target.uri, name=f"@{target.username}@{target.domain or context.site.domain}")
