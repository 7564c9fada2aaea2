"""Who may sign up, and what is asked of them: the server's rules around `commands.accounts.sign_up`.

An invite opens closed doors and spares the approval. Its place is taken first and given back should the sign-up fail,
so that two people cannot share the last one.
"""

from datetime import date

import msgspec

from fedi.commands import accounts, leaving
from fedi.commands.accounts import Problem, SignedUp, SignUp, SignUpRefused
from fedi.commands.context import Context
from fedi.errors import FediError, NotAllowedError, NotFoundError
from fedi.registry import invites, passwords, users
from fedi.registry.invites import Invite
from fedi.registry.users import SignUpNote, User
from fedi.services.mailer import SendLetter, SendRefusal
from fedi.settings import Settings
from fedi.views import targets

REASON_LENGTH = 3000


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody gives who wants to sign up."""

    username: str
    email: str
    password: str
    password_again: str | None = None
    agreement: bool
    locale: str | None = None
    reason: str = ""
    invite_code: str = ""
    date_of_birth: date | None = None
    app_id: int | None = None


async def approve(context: Context, user: User) -> None:
    """Let somebody in who waits, and tell them; nothing happens to who is in."""
    if user.approved:
        return
    async with context.pool.connection() as connection, connection.transaction():
        await users.set_state(connection, user.id, approved=True, disabled=user.disabled)
        await context.jobs.put(SendLetter(user_id=user.id, letter="approved"), connection=connection)


async def reject(context: Context, user: User, reason: str = "") -> None:
    """Do not let somebody in who waits, tell them, and delete what they gave.

    Raises NotAllowedError for who is in already: that would be deleting an account.
    """
    if user.approved:
        raise NotAllowedError(f"@{user.username} does not wait to be let in")
    async with context.pool.connection() as connection:
        owner = await targets.account(connection, user.account_id)
    if owner is None:
        raise NotFoundError
    await context.jobs.put(
        SendRefusal(email=user.email, username=user.username, reason=reason), once=f"refusal:{user.id}"
    )
    await leaving.delete_account(context, owner)


async def admit(context: Context, settings: Settings, applicant: Applicant) -> SignedUp:
    """Make a login with an account, and have its confirmation sent if one is needed.

    Raises NotAllowedError where nobody may sign up; SignUpRefused with everything that is wrong.
    """
    invite = await _invite(context, applicant.invite_code)
    if settings.registrations == "closed" and invite is None:
        raise NotAllowedError
    wish = SignUp(
        username=applicant.username,
        email=applicant.email,
        password=applicant.password,
        agreement=applicant.agreement,
        locale=applicant.locale,
        confirmed=not settings.confirm_email,
        approved=settings.registrations == "open" or invite is not None,
    )
    problems = _problems(settings, applicant, context.clock().date(), invited=invite is not None)
    if problems:
        raise SignUpRefused([*accounts.problems_of(wish), *problems])
    await _take(context, invite)
    try:
        signed_up = await accounts.sign_up(context, wish)
    except FediError:
        await _give_back(context, invite)
        raise
    await _remember(context, settings, applicant, signed_up, invite)
    return signed_up


async def usable_invite(context: Context, code: str) -> bool:
    """Tell whether somebody can still come by an invite."""
    return await _invite(context, code) is not None


async def _invite(context: Context, code: str) -> Invite | None:
    if not code:
        return None
    async with context.pool.connection() as connection:
        return await invites.usable(connection, code[:64], context.clock())


async def _take(context: Context, invite: Invite | None) -> None:
    if invite is None:
        return
    async with context.pool.connection() as connection:
        if not await invites.use(connection, invite.id):
            raise NotAllowedError


async def _give_back(context: Context, invite: Invite | None) -> None:
    if invite is not None:
        async with context.pool.connection() as connection:
            await invites.give_back(connection, invite.id)


async def _remember(
    context: Context, settings: Settings, applicant: Applicant, signed_up: SignedUp, invite: Invite | None
) -> None:
    how = SignUpNote(
        reason=applicant.reason.strip() or None,
        app_id=applicant.app_id,
        invite_id=invite.id if invite else None,
        age_verified_at=context.clock() if settings.min_age else None,
    )
    async with context.pool.connection() as connection, connection.transaction():
        await users.note_sign_up(connection, signed_up.user.id, how)
        if signed_up.user.confirmed_at is None:
            letter = SendLetter(user_id=signed_up.user.id, letter="confirm_email")
            await context.jobs.put(letter, connection=connection)


def _problems(settings: Settings, applicant: Applicant, today: date, *, invited: bool) -> list[Problem]:
    found: list[Problem] = []
    if settings.registrations == "approval" and not invited and not applicant.reason.strip():
        found.append(Problem("reason", "ERR_BLANK", "can't be blank"))
    if len(applicant.reason) > REASON_LENGTH:
        found.append(Problem("reason", "ERR_TOO_LONG", f"is too long (maximum is {REASON_LENGTH} characters)"))
    if applicant.password_again is not None and applicant.password_again != applicant.password:
        found.append(Problem("password_confirmation", "ERR_INVALID", "doesn't match the password"))
    if settings.min_age:
        found += _age_problems(settings.min_age, applicant.date_of_birth, today)
    return found


def _age_problems(least: int, born: date | None, today: date) -> list[Problem]:
    if born is None:
        return [Problem("date_of_birth", "ERR_BLANK", "can't be blank")]
    if born > today or today.year - born.year > 150:
        return [Problem("date_of_birth", "ERR_INVALID", "is invalid")]
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return [] if age >= least else [Problem("date_of_birth", "ERR_BELOW_LIMIT", "is below the age limit")]


async def new_password_hash(password: str) -> str:
    """Return the hash of a new password. Raises SignUpRefused if it cannot be one."""
    problems = accounts.password_problems(password)
    if problems:
        raise SignUpRefused(problems)
    return await passwords.hash_password(password)
