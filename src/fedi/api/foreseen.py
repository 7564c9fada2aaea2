"""What a handler needs of the person who asks, read while it is still asked who that is.

Whoever comes back after a second has their token looked up again, and then their account: two questions, one after the
other, of which the second needs of the first only what was known before. So it is asked at once, for whomever the token
stood for last. It is nothing but read, and thrown away unless the token stands for the very same today: then handlers
are called only when that is known. Whoever is remembered need not be read at all (`unproven`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from fedi.api.deps import Deps
from fedi.registry.tokens import Viewer

Reading = Callable[[Deps, Viewer], Awaitable[Any]]


class Foreseen:
    """What is read for who probably asks, as long as the block lasts; nothing where nobody can be guessed."""

    __slots__ = ("_guessed", "_reading")

    def __init__(self, deps: Deps, reading: Reading | None, token: str | None) -> None:
        self._guessed = deps.access.lately(token) if reading is not None and token is not None else None
        self._reading: asyncio.Future[Any] | None = None
        if reading is not None and self._guessed is not None and self._guessed.account_id is not None:
            self._reading = asyncio.ensure_future(reading(deps, self._guessed))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Break off what nobody took. If it failed already, asyncio no longer complains that nobody heard of it."""
        if self._reading is not None:
            self._reading.cancel()

    def take(self, viewer: Viewer | None) -> Awaitable[Any] | None:
        """Return what was read, once, if it is this viewer's: of the same account and app."""
        if viewer is None or self._guessed is None or _whose(viewer) != _whose(self._guessed):
            return None
        taken, self._reading = self._reading, None
        return taken


def _whose(viewer: Viewer) -> tuple[int | None, int | None]:
    return viewer.account_id, viewer.app_id
