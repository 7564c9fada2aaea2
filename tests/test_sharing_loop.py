"""Connections come to whichever process has fewer; here two servers in one loop stand for two processes."""

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator

import pytest

from fedi import sharing_loop
from fedi.sharing_loop import SharingLoop


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield listening


class Greeter:
    """Says its name to whoever connects, and echoes a line."""

    def __init__(self, name: str) -> None:
        self.name = name.encode()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                writer.write(self.name + b"\n")
                while line := await reader.readline():
                    writer.write(line)
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def serving(door: socket.socket, *names: str) -> AsyncIterator[None]:
    with contextlib.ExitStack() as stack:  # a loop looks at a file descriptor once, so each server has one of its own
        doors = [stack.enter_context(door.dup()) for _ in names]
        servers = [await asyncio.start_server(Greeter(name), sock=own) for name, own in zip(names, doors, strict=True)]
        try:
            yield
        finally:
            for server in servers:
                server.close()
                await server.wait_closed()


Guest = tuple[str, asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def guests(door: socket.socket, number: int) -> AsyncIterator[list[Guest]]:
    """Connect so often, one after the other, each when those who waited for the one before it have stopped."""
    async with contextlib.AsyncExitStack() as stack:
        connected = []
        for _ in range(number):
            connected.append(await stack.enter_async_context(guest(door)))
            await asyncio.sleep(2 * sharing_loop.MOST_SECONDS)
        yield connected


@contextlib.asynccontextmanager
async def guest(door: socket.socket) -> AsyncIterator[Guest]:
    """Connect, and be told who it is; whatever happens the connection is closed, or the loop could not be."""
    reader, writer = await asyncio.open_connection(*door.getsockname())
    try:
        yield (await reader.readline()).decode().strip(), reader, writer
    finally:
        writer.close()


def run(main: Coroutine[object, object, None]) -> None:
    with asyncio.Runner(loop_factory=SharingLoop) as runner:
        runner.run(main)


def test_who_has_fewer_is_given_the_next(door: socket.socket) -> None:
    async def main() -> None:
        async with serving(door, "a"), guests(door, 4) as first, serving(door, "b"), guests(door, 4) as later:
            assert [name for name, _, _ in first] == ["a"] * 4
            assert [name for name, _, _ in later].count("b") >= 3

    run(main())


def test_who_lost_its_connections_is_given_new_ones(door: socket.socket) -> None:
    async def main() -> None:
        async with serving(door, "a"):
            async with guests(door, 6) as gone:
                for _, reader, writer in gone:
                    writer.close()
                    assert await reader.read() == b""
            async with serving(door, "b"), guests(door, 6) as later:
                assert 1 <= [name for name, _, _ in later].count("a") <= 5

    run(main())


def test_a_crowd_is_let_in_and_everybody_is_answered(door: socket.socket) -> None:
    async def main() -> None:
        async with serving(door, "a", "b"), contextlib.AsyncExitStack() as stack:
            crowd = await asyncio.gather(*(stack.enter_async_context(guest(door)) for _ in range(200)))
            for number, (_, _, writer) in enumerate(crowd):
                writer.write(b"%d\n" % number)
            assert [await reader.readline() for _, reader, _ in crowd] == [b"%d\n" % each for each in range(200)]
            assert {name for name, _, _ in crowd} == {"a", "b"}

    run(main())


def test_without_room_it_waits_and_says_so(
    door: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sharing_loop, "RELIEF_SECONDS", 0.01)

    refused: list[socket.socket] = []

    class Full(socket.socket):
        def accept(self) -> tuple[socket.socket, object]:
            if not refused:
                refused.append(self)
                raise OSError(errno.EMFILE, "Too many open files")
            return super().accept()

        def dup(self) -> "Full":
            return Full(fileno=os.dup(self.fileno()))

    async def main() -> None:
        with Full(fileno=os.dup(door.fileno())) as full:
            async with serving(full, "a"), guest(full) as (name, _, _):
                assert name == "a"

    with caplog.at_level(logging.WARNING):
        run(main())
    assert "Too many open files" in caplog.text


def test_a_server_without_a_socket_of_its_own_is_uvloops() -> None:
    async def main() -> None:
        server = await asyncio.start_server(Greeter("a"), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            assert await reader.readline() == b"a\n"
            writer.close()
            await writer.wait_closed()

    run(main())
