"""A whole server on loopback, as processes of its own, and people on it with an app each."""

import contextlib
import functools
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import msgspec
from mastodon import Mastodon

from tests.support import servers
from tests.support.program import data_directory, fedi, free_port, running

SCOPES = "read write follow push"
PATIENCE_SECONDS = 20.0
T = TypeVar("T")


def eventually(look: Callable[[], T | None]) -> T:
    """Return what `look` finds, as soon as it finds something true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found


class Server(msgspec.Struct, frozen=True):
    """A server that runs: the people on it by name, the URLs of its database and its cache, and its first process.

    `run` runs `fedi ARGUMENTS` on the same database.
    """

    domain: str
    database: str
    cache: str
    people: dict[str, Mastodon]
    pid: int
    run: Callable[..., subprocess.CompletedProcess[str]]

    @property
    def inbox(self) -> str:
        """The shared inbox."""
        return f"http://{self.domain}/inbox"

    def handle(self, name: str) -> str:
        return f"{name}@{self.domain}"

    def actor(self, name: str) -> str:
        """The id of somebody's actor."""
        return f"http://{self.domain}/users/{name}"


@contextlib.contextmanager
def server(
    admin_url: str, names: tuple[str, ...], *, handles_at: str = "localhost", more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run one. `handles_at` is the name of this machine that stands in handles; in addresses it is localhost."""
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(servers.fresh_database(admin_url))
        parts = stack.enter_context(servers.embedded(want_postgres=False, want_valkey=True, durable=False))
        directory = stack.enter_context(data_directory())
        assert parts.valkey is not None
        port = str(free_port())
        settings = {"DATABASE_URL": database, "REDIS_URL": parts.valkey.url, "PORT": port, "WEB_CONCURRENCY": "1"}
        settings |= {"LOCAL_DOMAIN": f"{handles_at}:{port}", "WEB_DOMAIN": f"localhost:{port}", **(more or {})}
        program = stack.enter_context(running("serve", data_dir=directory, settings=settings))
        program.wait_for("ready")
        run = functools.partial(fedi, data_dir=directory, settings=settings)
        people = {}
        for name in names:
            created = run("accounts", "create", name, "--email", f"{name}@example.com")
            assert created.returncode == 0, created.stderr
            made = run("tokens", "create", name, "--scopes", SCOPES)
            assert made.returncode == 0, made.stderr
            token = made.stdout.split()[-1]
            people[name] = Mastodon(access_token=token, api_base_url=f"http://localhost:{port}", request_timeout=20)
        yield Server(f"localhost:{port}", database, parts.valkey.url, people, program.process.pid, run)
