"""Somebody on a server: an app in one hand, and in the other a stream that is read as it comes."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec

PATIENCE_SECONDS = 20.0


class DidNotHappen(Exception):
    """Something that should have happened did not, or not in time."""


class Heard(msgspec.Struct, frozen=True):
    """What came over the stream. The payload of a deletion is an id, of anything else an entity."""

    kind: str
    payload: Any
    at: float


class Person:
    """A person with an account, an app, and an open stream."""

    def __init__(self, name: str, base_url: str, token: str) -> None:
        self.name = name
        self.handle = f"{name}@{base_url.removeprefix('http://')}"
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=PATIENCE_SECONDS)
        self._heard: list[Heard] = []
        self._news = threading.Condition()
        self._open = threading.Event()

    def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        return self._answer(self._http.get(path, params=query))

    def do(self, method: str, path: str, **form: Any) -> Any:
        """Do something."""
        return self._answer(self._http.request(method, path, json=form))

    def listen(self) -> None:
        """Open the stream; returns when it is open. It ends with the server."""
        threading.Thread(target=self._listen, daemon=True).start()
        if not self._open.wait(PATIENCE_SECONDS):
            raise DidNotHappen(f"the stream of {self.name} did not open")

    def hears(self, what: str, wanted: Callable[[Heard], bool]) -> Heard:
        """Return the first thing that came over the stream and is wanted. Raises DidNotHappen."""
        with self._news:
            self._news.wait_for(lambda: any(map(wanted, self._heard)), PATIENCE_SECONDS)
            found = next(filter(wanted, self._heard), None)
        if found is None:
            heard = ", ".join(each.kind for each in self._heard) or "nothing"
            raise DidNotHappen(f"the stream of {self.name} never printed {what}; it printed {heard}")
        return found

    def _listen(self) -> None:
        try:
            with self._http.stream("GET", "/api/v1/streaming/user", timeout=None) as answer:
                if answer.status_code == httpx.codes.OK:
                    self._open.set()
                    self._read(answer.iter_lines())
        except httpx.TransportError:
            return  # the server was told to stop

    def _read(self, lines: Iterator[str]) -> None:
        kind = ""
        for line in lines:
            field, _, value = line.partition(": ")
            if field == "event":
                kind = value
            elif field == "data":
                payload = value if kind == "delete" else msgspec.json.decode(value)
                with self._news:
                    self._heard.append(Heard(kind, payload, time.monotonic()))
                    self._news.notify_all()

    def _answer(self, answer: httpx.Response) -> Any:
        if answer.status_code != httpx.codes.OK:
            raise DidNotHappen(f"{answer.request.method} {answer.request.url} answered {answer.status_code}")
        return answer.json()


def eventually(what: str, look: Callable[[], bool]) -> None:
    """Return as soon as `look` is true. Raises DidNotHappen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise DidNotHappen(f"{what}: it did not happen")
        time.sleep(0.02)
