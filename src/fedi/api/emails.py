"""E-mail addresses that wait for their confirmation (https://docs.joinmastodon.org/methods/emails/)."""

import msgspec

from fedi.api.errors import Detail, ForbiddenError, InvalidError
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry import users
from fedi.registry.addresses import is_address, mailbox
from fedi.registry.users import TakenError, User
from fedi.services.limiter import MAILS
from fedi.services.mailer import SendLetter

_TAKEN = {"email": [Detail("ERR_TAKEN", "has already been taken")]}


class Resend(msgspec.Struct, frozen=True, kw_only=True):
    email: str | None = None


@route("POST", "/api/v1/emails/confirmations", scope="write:accounts", auth="waiting")
async def confirm_again(request: ApiRequest, params: Resend) -> dict[str, str]:
    """Send the confirmation again, to another address if one is given; only for the app somebody signed up with."""
    user = await _owner(request)
    if request.viewer is None or request.viewer.app_id is None or user.app_id != request.viewer.app_id:
        raise ForbiddenError("This method is only available to the application the user originally signed-up with")
    if user.confirmed_at is not None:
        raise ForbiddenError("This method is only available while the e-mail is awaiting confirmation")
    email = (params.email or user.email).strip()
    if not is_address(email):
        raise InvalidError("Email is invalid", {"email": [Detail("ERR_INVALID", "is invalid")]})
    if request.deps.limiter is not None:
        await request.deps.limiter.require((MAILS, mailbox(email)))
    async with request.deps.pool.connection() as connection, connection.transaction():
        if email != user.email:
            try:
                await users.set_email(connection, user.id, email, None)
            except TakenError as taken:
                raise InvalidError("Email has already been taken", _TAKEN) from taken
        await request.deps.commands.jobs.put(SendLetter(user_id=user.id, letter="confirm_email"), connection=connection)
    return {}


@route("GET", "/api/v1/emails/check_confirmation", scope="read:accounts", auth="waiting")
async def check_confirmation(request: ApiRequest) -> bool:
    """Whether the address of the person asking is confirmed."""
    return (await _owner(request)).confirmed_at is not None


async def _owner(request: ApiRequest) -> User:
    async with request.deps.pool.connection() as connection:
        user = await users.by_account(connection, request.account_id)
    if user is None:
        raise NotFoundError
    return user
