"""Pushes one notification to one subscription."""

from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from fedi.activitypub.vocabulary import html
from fedi.activitypub.vocabulary.uris import InvalidUriError
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.errors import FediError
from fedi.registry import push as subscriptions
from fedi.registry.push import Holder
from fedi.registry.push_key import own_key
from fedi.registry.rows import Connection
from fedi.registry.secrets import derive
from fedi.services import push
from fedi.services.push import SendPush, Target
from fedi.services.push_encryption import MOST, BadKeys
from fedi.site import Site
from fedi.views import accounts, notifications, statuses
from fedi.views.accounts import AccountRow
from fedi.views.notifications import Addressed

BODY_LENGTH = 140
NAME_LENGTH = 100
"""Characters of a post, and of a name, that are pushed."""
NO_AVATAR = "/avatars/original/missing.png"
TITLES = {
    "mention": "You were mentioned by {name}",
    "status": "{name} just posted",
    "reblog": "{name} boosted your post",
    "follow": "{name} is now following you",
    "follow_request": "{name} has requested to follow you",
    "favourite": "{name} favorited your post",
    "poll": "A poll by {name} has ended",
    "update": "{name} edited a post",
    "quote": "{name} quoted your post",
    "quoted_update": "{name} edited a post you have quoted",
    "admin.sign_up": "{name} signed up",
    "admin.report": "{name} submitted a report",
    "added_to_collection": "{name} added you to a collection",
    "annual_report": "Your year is ready to be looked back at",
    "severed_relationships": "You have lost connections",
    "moderation_warning": "You have received a moderation warning",
}


class PushDelayed(FediError):
    """The push service did not take it now."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What apps read, as Mastodon writes it. `notification_id` is a number."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str


@does(SendPush)
async def send(job: SendPush, deps: Deps) -> None:
    """Push a notification unless it is gone, hidden or stale by now. Raises PushDelayed, and Unreachable."""
    now = deps.means.clock()
    async with deps.pool.connection() as connection:
        holder = await subscriptions.holder(connection, job.subscription_id)
        found = next(iter(await notifications.for_whom(connection, [job.notification_id])), None)
        if holder is None or found is None or _stale(found.created_at, now):
            return
        text = await _written(connection, found, holder, deps)
        key = await own_key(connection, deps.settings.vapid_private_key)
    subscription = holder.subscription
    target = Target(
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        standard=subscription.standard,
    )
    site, name = deps.means.site, subscriptions.unsubscribe(deps.settings.secret_key_base, subscription)
    try:
        outcome = await push.send(
            deps.http,
            target,
            text,
            key=key.private,
            subject=_subject(site),
            now=now,
            unsubscribe=f"{site.base_url}/api/web/push_subscriptions/{name}",
        )
    except (InvalidUriError, BadKeys):
        outcome = "gone"
    if outcome == "gone":
        async with deps.pool.connection() as connection:
            await subscriptions.end(connection, subscription.id)
    elif outcome == "later":
        raise PushDelayed("the push service wants to be asked again")


def _stale(created_at: datetime, now: datetime) -> bool:
    return now - created_at > push.TTL


def _subject(site: Site) -> str:
    """Return by what push services find us: py-vapid takes no port in it."""
    return f"https://{urlsplit(site.base_url).hostname}"


async def _written(connection: Connection, found: Addressed, holder: Holder, deps: Deps) -> bytes:
    sender = (await accounts.load(connection, [found.from_account_id]))[found.from_account_id]
    about = await statuses.load(connection, [found.status_id], found.account_id) if found.status_id else []
    words = (about[0].row.spoiler_text or html.to_text(about[0].row.content)) if about else html.to_text(sender.note)
    name = (sender.display_name or sender.username)[:NAME_LENGTH]
    message = Message(
        access_token=derive(deps.settings.secret_key_base, "token", holder.token_seed),
        preferred_locale=holder.locale or "en",
        notification_id=found.id,
        notification_type=found.type,
        icon=_icon(sender, deps.means.site),
        title=TITLES.get(found.type, "{name}").format(name=name),
        body=_short(words),
    )
    written = msgspec.json.encode(message)
    return written if len(written) <= MOST else msgspec.json.encode(msgspec.structs.replace(message, icon=""))


def _short(words: str) -> str:
    return words if len(words) <= BODY_LENGTH else words[: BODY_LENGTH - 1] + "…"


def _icon(sender: AccountRow, site: Site) -> str:
    """Return a picture that this server shows: from a stranger's, that one would learn the address of who looks."""
    if sender.avatar_url and sender.domain is not None:
        return site.remote_media("avatars", sender.id, 0, sender.avatar_url)
    return sender.avatar_url or site.base_url + NO_AVATAR
