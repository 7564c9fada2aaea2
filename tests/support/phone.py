"""An app in somebody's hand, for tests of what apps write."""

import io
from typing import Any

import httpx
from PIL import Image

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.views.targets import AccountRef
from fedi.views.written import Written
from tests.support.server import bearer, person
from tests.support.web import client


class Phone:
    """Asks in the name of `owner`."""

    def __init__(self, http: httpx.AsyncClient, owner: AccountRef, headers: dict[str, str], written: Written) -> None:
        self.http, self.owner, self.headers, self._written = http, owner, headers, written

    async def call(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """Ask, and return the decoded answer, whose status must be as expected.

        A new status is answered before the views hold it: return when everybody can read it.
        """
        headers = {**self.headers, **more.pop("headers", {})}
        answer = await self.http.request(method, path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        if (method, path) == ("POST", "/api/v1/statuses"):
            assert await self._written.catch_up(self.owner.id, within=10)
        return answer.json()


async def phone(deps: Deps, name: str, *scopes: str) -> Phone:
    """Sign somebody up and give them a token that may do everything, or what `scopes` say."""
    owner = await person(deps, name)
    return Phone(client(routes(deps)), owner, await bearer(deps, owner, *scopes), deps.written)


def at(someone: Phone) -> str:
    """Return how somebody is mentioned in a post."""
    return f"@{someone.owner.username}"


def picture() -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (1, 90, 120)).save(out, "PNG")
    return out.getvalue()
