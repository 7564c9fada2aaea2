"""`fedi serve`, and each role by itself: prepares what they stand on, then supervises them."""

import asyncio
import contextlib
import functools
import gc
import logging
from collections.abc import Callable, Sequence
from socket import socket

from fedi import app
from fedi.commands.development import ADMIN_SIGN_IN, SignIn
from fedi.errors import ConfigurationError, FediError
from fedi.settings import Settings
from fedi.supervisor import embedded
from fedi.supervisor.door import is_healthy, listening
from fedi.supervisor.embedded import Embedded
from fedi.supervisor.processes import in_child
from fedi.supervisor.supervisor import supervise
from fedi.supervisor.workers import Role

log = logging.getLogger(__name__)

Say = Callable[[str], None]


def serve(settings: Settings, say: Say) -> None:
    """Run every role, and the embedded parts that no URL replaces, until told to stop.

    `say` gets the one line that tells people it is ready. Raises ConfigurationError.
    """
    with contextlib.ExitStack() as stack:
        door = stack.enter_context(listening(settings.bind, settings.port))
        parts = embedded.start(settings)
        if parts is not None:
            stack.callback(parts.stop)
            settings = parts.fill_in(settings)
        app.prepare(settings)
        roles = [*_web(settings, door), *_projector(settings), *_effects(settings)]
        _supervise(settings, roles, parts, door, lambda: say(_ready_line(settings, _seed(settings))))


def serve_web(settings: Settings, say: Say) -> None:
    """Run the web role alone: the API, federation, pages and streaming."""
    settings = _on_running_servers(settings)
    with listening(settings.bind, settings.port) as door:
        app.prepare(settings)
        _supervise(settings, _web(settings, door), None, door, lambda: say(_listening_line(settings, "web")))


def serve_streaming(settings: Settings, say: Say) -> None:
    """Run streaming alone, for a host of its own."""
    settings = _on_running_servers(settings)
    with listening(settings.bind, settings.port) as door:
        role = Role("streaming", functools.partial(app.serve_streaming, settings, door))
        _supervise(settings, [role], None, door, lambda: say(_listening_line(settings, "streaming")))


def serve_projector(settings: Settings, say: Say) -> None:
    """Run the role that folds the log into views."""
    settings = _on_running_servers(settings)
    app.prepare(settings)
    _supervise(settings, _projector(settings), None, None, lambda: say("projector runs"))


def serve_effects(settings: Settings, say: Say) -> None:
    """Run the role that tells the world."""
    settings = _on_running_servers(settings)
    app.prepare(settings)
    _supervise(settings, _effects(settings), None, None, lambda: say("effects runs"))


def _on_running_servers(settings: Settings) -> Settings:
    found = embedded.find(settings)
    if found is None:
        raise ConfigurationError(
            "a role by itself needs DATABASE_URL and REDIS_URL, or a `fedi serve` that runs on the same FEDI_DATA_DIR"
        )
    return found


def _web(settings: Settings, door: socket) -> list[Role]:
    run = functools.partial(app.serve_web, settings, door)
    return [Role(f"web {number}", run) for number in range(settings.web_concurrency)]


def _projector(settings: Settings) -> list[Role]:
    return _several("projector", functools.partial(app.serve_projector, settings), settings.projector_processes)


def _effects(settings: Settings) -> list[Role]:
    return _several("effects", functools.partial(app.serve_effects, settings), settings.effects_processes)


def _several(name: str, run: Callable[[], None], processes: int) -> list[Role]:
    return [Role(name if processes == 1 else f"{name} {number}", run) for number in range(processes)]


def _supervise(
    settings: Settings,
    roles: Sequence[Role],
    parts: Embedded | None,
    door: socket | None,
    announce: Callable[[], None],
) -> None:
    app.preload()
    gc.collect()
    gc.freeze()  # what is imported is never collected, so the children's copies of these pages stay shared
    ready = (
        (lambda: True)
        if door is None
        else functools.partial(is_healthy, settings.bind, settings.port, settings.web_domain)
    )
    supervise(roles, parts, ready=ready, announce=announce)


def _seed(settings: Settings) -> SignIn | None:
    """Make the development admin once everything runs: hashing a password would hold up the first answer."""
    if settings.env != "development":
        return None
    return ADMIN_SIGN_IN if in_child(lambda: _stands(settings)) else None


def _stands(settings: Settings) -> bool:
    try:
        return asyncio.run(app.seed(settings))
    except FediError as error:
        log.warning("the development admin could not be made: %s", error)
        return False


def _ready_line(settings: Settings, admin: SignIn | None) -> str:
    signing_in = "" if admin is None else f" · sign in as {admin.email} with password {admin.password}"
    return (
        f"fedi is ready at {settings.site.base_url}{signing_in}"
        " · next: point a Mastodon app at it, or `fedi accounts create NAME --email E`"
    )


def _listening_line(settings: Settings, role: str) -> str:
    return f"{role} listens at {settings.bind}, port {settings.port}"
