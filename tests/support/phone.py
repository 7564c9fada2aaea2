"""An app in somebody's hand, for tests of what apps write."""

import io
from typing import Any

import httpx
from PIL import Image

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.views.targets import AccountRef
from tests.support.server import bearer, person
from tests.support.web import client


class Phone:
    """Asks in the name of `owner`."""

    def __init__(self, http: httpx.AsyncClient, owner: AccountRef, headers: dict[str, str]) -> None:
        self.http, self.owner, self.headers = http, owner, headers

    async def call(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """Ask, and return the decoded answer, whose status must be as expected."""
        headers = {**self.headers, **more.pop("headers", {})}
        answer = await self.http.request(method, path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()


async def phone(deps: Deps, name: str, *scopes: str) -> Phone:
    """Sign somebody up and give them a token that may do everything, or what `scopes` say."""
    owner = await person(deps, name)
    return Phone(client(routes(deps)), owner, await bearer(deps, owner, *scopes))


def at(someone: Phone) -> str:
    """Return how somebody is mentioned in a post."""
    return f"@{someone.owner.username}"


def picture() -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (1, 90, 120)).save(out, "PNG")
    return out.getvalue()
