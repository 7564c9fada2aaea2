"""What commands work with, and the two ways in which they write to the log."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from fedi.activitypub.vocabulary.uris import normal_domain
from fedi.clock import Clock
from fedi.events import Event, identity
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft, Premise
from fedi.registry.pool import Pool
from fedi.services.jobs import Jobs
from fedi.services.media.pictures import Workshop
from fedi.services.storage import Storage
from fedi.site import Site
from fedi.views import targets
from fedi.views.targets import AccountRef

Resolve = Callable[[str], Awaitable[AccountRef | None]]
"""Finds the account of a handle, `user` or `user@domain`; None where there is nobody of that name."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that commands depend on; made once per process by the composition root."""

    site: Site
    pool: Pool
    appender: Appender
    clock: Clock
    storage: Storage
    workshop: Workshop
    resolve: Resolve
    jobs: Jobs


def lookup_only(site: Site, pool: Pool) -> Resolve:
    """Return a way to resolve handles that knows whom the views know, and asks no other server."""

    async def resolve(handle: str) -> AccountRef | None:
        username, _, domain = handle.partition("@")
        local = not domain or normal_domain(domain) in (site.domain, site.web_domain)
        async with pool.connection() as connection:
            return await targets.by_handle(connection, username, None if local else domain)

    return resolve


async def append(
    context: Context,
    drafts: Sequence[Draft],
    begun: Callable[[], object] | None = None,
    premise: Premise | None = None,
) -> int:
    """Append one unit of events and return the position of the last. The rest as of `Appender.append`."""
    appended = await context.appender.append(drafts, begun, premise)
    return appended.positions[-1]


async def append_new(context: Context, drafts: Sequence[Draft]) -> int:
    """As `append`, but leave out what is said already; return the position of the last that counts.

    For what is taken back: its id is made of what it takes back, and of two requests at once both find that standing.
    """
    rest, last = [*drafts], 0
    while rest:
        try:
            return max(last, await append(context, rest))
        except Conflict as conflict:
            rest = [draft for draft in rest if draft.identity != conflict.identity]
            last = max(last, conflict.position)
    return last


async def note(context: Context, *events: Event) -> int:
    """Append private acts as one unit; each is new, whatever came before. Returns the position of the last."""
    return await append(context, [fresh(context, event) for event in events])


def fresh(context: Context, event: Event) -> Draft:
    """Return the draft of a private act, which is new, whatever came before."""
    return Draft(identity=identity.fresh(context.clock()), event=event)
