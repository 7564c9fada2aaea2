"""What a handler is given, and what it may answer with."""

from collections.abc import Mapping
from urllib.parse import quote

import msgspec
from starlette.datastructures import Headers
from starlette.types import Scope

from fedi.api.auth import UserRequiredError
from fedi.api.deps import Deps
from fedi.api.foreseen import Foreseen
from fedi.api.unproven import Unproven
from fedi.callers import caller_address
from fedi.registry.tokens import Viewer


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with more to it than a body: `body` is encoded as JSON."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = {}


class ApiRequest:
    """One request: the parts of the program, who asks, and the bare HTTP scope for what is rarely needed."""

    __slots__ = ("deps", "foreseen", "headers", "id", "scope", "unproven", "viewer")

    def __init__(
        self,
        scope: Scope,
        deps: Deps,
        headers: Headers,
        viewer: Viewer | None,
        request_id: str,
        foreseen: Foreseen | None = None,
        unproven: Unproven | None = None,
    ) -> None:
        self.scope = scope
        self.deps = deps
        self.headers = headers
        self.viewer = viewer
        self.id = request_id
        self.foreseen = foreseen
        self.unproven = unproven

    async def prove(self) -> None:
        """Look up who asks, if they are only known from before. Raises as `authorize` does."""
        unproven, self.unproven = self.unproven, None
        if unproven is not None:
            self.viewer = await unproven.look_up()

    @property
    def account_id(self) -> int:
        """The account of the person asking. Raises UserRequiredError where there is none."""
        if self.viewer is None or self.viewer.account_id is None:
            raise UserRequiredError
        return self.viewer.account_id

    @property
    def reader_id(self) -> int | None:
        """The account in whose eyes things are shown; None for strangers and for apps without a person."""
        return None if self.viewer is None else self.viewer.account_id

    @property
    def address(self) -> str | None:
        """The address of the caller, behind whatever proxies are trusted."""
        peer = self.scope.get("client")
        forwarded = self.headers.getlist("x-forwarded-for")
        return caller_address(peer[0] if peer else None, forwarded, self.deps.settings.trusted_proxy_ip)

    @property
    def url(self) -> str:
        """The address of this request without its query, as clients know it."""
        return self.deps.site.base_url + quote(self.scope["path"], safe="/:@")

    @property
    def query_string(self) -> bytes:
        raw: bytes = self.scope["query_string"]
        return raw
