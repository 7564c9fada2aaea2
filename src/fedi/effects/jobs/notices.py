"""Mails one notification to a person who is away."""

from fedi.activitypub.vocabulary import html
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.jobs.letters import post
from fedi.registry import mail_choices, users
from fedi.registry.rows import Connection
from fedi.registry.users import MailKind, User
from fedi.services.mailer import SendLetter, SendNotice
from fedi.views import accounts, notifications, statuses
from fedi.views.notifications import Addressed

TITLES = {
    "mention": "{name} mentioned you",
    "follow": "{name} follows you now",
    "follow_request": "{name} asks to follow you",
    "quote": "{name} quoted your post",
    "reblog": "{name} boosted your post",
    "favourite": "{name} favourited your post",
    "poll": "A poll by {name} has ended",
    "admin.sign_up": "{name} signed up",
    "admin.report": "{name} reported somebody",
}
"""The kinds of which there is mail, and its subjects."""
NAME_LENGTH = 100
CONTENT_LENGTH = 500


@does(SendNotice)
async def send(job: SendNotice, deps: Deps) -> None:
    """Write of a notification, unless it is gone or hidden by now, or nobody wants to hear of its kind any more."""
    async with deps.pool.connection() as connection:
        user = await users.by_id(connection, job.user_id)
        found = next(iter(await notifications.for_whom(connection, [job.notification_id])), None)
        kind = None if user is None or found is None else _wanted(user, found)
        if user is None or found is None or kind is None:
            return
        values = await _values(connection, found, deps)
    token = mail_choices.token(deps.settings.secret_key_base, user.id, kind)
    unsubscribe = f"{deps.means.site.base_url}/unsubscribe?token={token}"
    letter = SendLetter(user_id=user.id, letter="notice", values={**values, "unsubscribe": unsubscribe})
    await post(deps, user, letter, unsubscribe=unsubscribe)


def _wanted(user: User, found: Addressed) -> MailKind | None:
    return next((kind for kind in user.preferences.mails if kind == found.type), None) if user.functional else None


async def _values(connection: Connection, found: Addressed, deps: Deps) -> dict[str, str]:
    sender = (await accounts.load(connection, [found.from_account_id]))[found.from_account_id]
    about = await statuses.load(connection, [found.status_id], found.account_id) if found.status_id else []
    row = about[0].row if about else None
    words = (row.spoiler_text or html.to_text(row.content)) if row is not None else ""
    name = (sender.display_name or sender.username)[:NAME_LENGTH]
    return {
        "title": TITLES[found.type].format(name=name),
        "who": f"@{sender.username}@{sender.domain or deps.means.site.domain}",
        "content": words[:CONTENT_LENGTH],
    }
