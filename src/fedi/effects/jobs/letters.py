"""Letters to people: written when they are sent, with links whose secrets are kept nowhere in clear."""

import logging

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.registry import confirmations, users
from fedi.registry.confirmations import Purpose
from fedi.registry.users import User
from fedi.services.mailer import Mailer, MailRefused, SendLetter, SendRefusal, SendReset, letter_values
from fedi.services.writing import Letter, write

_log = logging.getLogger(__name__)
_LINKS: dict[str, tuple[Purpose, str]] = {
    "confirm_email": ("confirm_email", "/auth/confirmation?confirmation_token="),
    "reset_password": ("reset_password", "/auth/password/edit?reset_password_token="),
}
"""Letters that carry a link with a secret: what it is good for, and where it leads."""


@does(SendLetter)
async def send(job: SendLetter, deps: Deps) -> None:
    """Write a letter to a person and send it. People who are gone are not written to, nor an address that was asked
    for under another password than that of now: it may be that of somebody who was shut out with it.
    """
    async with deps.pool.connection() as connection:
        user = await users.by_id(connection, job.user_id)
    if user is not None and job.asked_under in (None, user.password_mark):
        await post(deps, user, job)


@does(SendReset)
async def send_reset(job: SendReset, deps: Deps) -> None:
    """Send the link for a new password, if somebody has this address."""
    async with deps.pool.connection() as connection:
        user = await users.by_email(connection, job.email)
    if user is not None and not user.disabled:
        await post(deps, user, SendLetter(user_id=user.id, letter="reset_password"))


@does(SendRefusal)
async def send_refusal(job: SendRefusal, deps: Deps) -> None:
    """Tell somebody that they are not let in, and why if it was said."""
    values = {"username": job.username, "reason": job.reason}
    await _hand_over(deps, job.email, write("rejected", deps.means.site, letter_values(values)))


async def post(deps: Deps, user: User, job: SendLetter, *, unsubscribe: str | None = None) -> None:
    """Write a letter and send it; one that will never be taken is given up.

    `unsubscribe` is where its reader, or their mail program by itself, says that no more of the kind are wanted.
    """
    to = job.email or user.email
    values = {"username": user.username, **job.values}
    if job.letter in _LINKS:
        values["link"] = await _link(deps, user, to, job.letter)
    letter = write(job.letter, deps.means.site, letter_values(values))
    await _hand_over(deps, to, letter, unsubscribe)


async def _hand_over(deps: Deps, to: str, letter: Letter, unsubscribe: str | None = None) -> None:
    try:
        await Mailer(deps.settings).send(to, letter, unsubscribe=unsubscribe)
    except MailRefused as error:
        _log.warning("the letter %r is not taken: %s", letter.subject, error)


async def _link(deps: Deps, user: User, email: str, letter: str) -> str:
    site = deps.means.site
    purpose, path = _LINKS[letter]
    async with deps.pool.connection() as connection:
        secret = await confirmations.make(connection, deps.means.clock(), user_id=user.id, purpose=purpose, email=email)
    return f"{site.base_url}{path}{secret}"
