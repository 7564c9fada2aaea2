"""What the operator decides about whole domains, unlike what people block for themselves (`domain_blocks`).

What ends because of it, follows above all, the effects end once the views know of the decision.
"""

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.domains import DomainAllowed, DomainDisallowed, DomainLimited, DomainUnlimited
from fedi.views import domain_limits

MAX_COMMENT = 5_000


def read_domain(written: str) -> str:
    """Return a domain, with its port where it has one, in normal form. Raises ClientError for what can be none."""
    try:
        found = uris.parse(f"https://{written.strip().lower().removesuffix('.')}/")
    except uris.InvalidUriError:
        raise ClientError(f"{written[:100]!r} is no domain") from None
    if found.target != "/":
        raise ClientError(f"{written[:100]!r} is no domain")
    return found.authority


async def limit(context: Context, wish: DomainLimited) -> int | None:
    """Decide about a domain and all below it; None if just that stands.

    Raises ClientError: it is no domain, or this server's own, or a comment is too long.
    """
    domain = _foreign(context, wish.domain)
    if max(len(wish.public_comment), len(wish.private_comment)) > MAX_COMMENT:
        raise ClientError(f"a comment may have {MAX_COMMENT} characters")
    async with context.pool.connection() as connection:
        before = await domain_limits.of_domain(connection, domain)
    public, private = wish.public_comment.strip(), wish.private_comment.strip()
    event = msgspec.structs.replace(wish, domain=domain, public_comment=public, private_comment=private)
    if before is not None and all(getattr(before, name) == getattr(event, name) for name in event.__struct_fields__):
        return None
    return await note(context, event)


async def allow(context: Context, written: str) -> int | None:
    """Let a domain and all below it in, for when only those may come that are named; None if it is. ClientError."""
    domain = _foreign(context, written)
    async with context.pool.connection() as connection:
        if domain in await domain_limits.allowed(connection):
            return None
    return await note(context, DomainAllowed(domain=domain))


async def remove(context: Context, written: str) -> int:
    """Take back what was decided about just this domain, and that it may come in.

    What was hidden is shown again; follows that ended do not come back. Raises NotFoundError if nothing was decided.
    """
    domain = read_domain(written)
    async with context.pool.connection() as connection:
        limited = await domain_limits.of_domain(connection, domain) is not None
        allowed = domain in await domain_limits.allowed(connection)
    if not limited and not allowed:
        raise NotFoundError(f"nothing was decided about {domain}")
    events = [DomainUnlimited(domain=domain)] if limited else []
    return await note(context, *events, *([DomainDisallowed(domain=domain)] if allowed else []))


def _foreign(context: Context, written: str) -> str:
    domain = read_domain(written)
    if domain in {context.site.domain, context.site.web_domain}:
        raise ClientError(f"{domain} is this server's own domain")
    return domain
