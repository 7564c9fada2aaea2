"""How servers of the fake fediverse behave: asked about each request, they may ask `host.honest` what would be right.

host.behave(flapping(dead, honest))
"""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from fedi.clock import Clock
from tests.support.exchanges import Answer, Received

if TYPE_CHECKING:
    from tests.support.fake_host import FakeRemote

Behaviour = Callable[["FakeRemote", Received], Answer]


def honest(host: "FakeRemote", request: Received) -> Answer:
    """Do what a good server does."""
    return host.honest(request)


def held(host: "FakeRemote", request: Received) -> Answer:
    """Be so slow that no answer comes before the test says `host.release()`."""
    return replace(host.honest(request), held=True)


def slow(seconds: float) -> Behaviour:
    """Take a while for everything."""
    return lambda host, request: replace(host.honest(request), delay=seconds)


def dead(_host: "FakeRemote", _request: Received) -> Answer:
    """Hang up. Who cannot be found or connected to has another `host.network`."""
    return Answer(lost=True)


def answering(status: int, **headers: str) -> Behaviour:
    """Answer everything with one status; `retry_after="5"` is a header."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _host, _request: Answer(status=status, headers=given)


def shrugging(_host: "FakeRemote", _request: Received) -> Answer:
    """Answer everything with 200 and a page, as servers do whose software was taken away."""
    return Answer(
        status=200, body=b"<!doctype html><title>Welcome to nginx</title>", headers={"Content-Type": "text/html"}
    )


def rambling(host: "FakeRemote", request: Received) -> Answer:
    """Do what a good server does, and then go on talking for ever."""
    return replace(host.honest(request), endless=b"and another thing, " * 999)


def mumbling(host: "FakeRemote", request: Received) -> Answer:
    """Do what a good server does, and say so in a code that nobody asked for and nobody can read."""
    return replace(host.honest(request), body=b"\x00", headers={"Content-Encoding": "br"})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way after another, and in the last for ever after."""
    left = list(behaviours)
    return lambda host, request: (left.pop(0) if len(left) > 1 else left[0])(host, request)


def flapping(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way after another, and then from the first again."""
    endless = itertools.cycle(behaviours)
    return lambda host, request: next(endless)(host, request)


def limiting(requests: int, seconds: float, clock: Clock) -> Behaviour:
    """Take so many requests in so many seconds, and answer those beyond with 429 and when to come again."""
    taken: list[float] = []

    def behave(host: "FakeRemote", request: Received) -> Answer:
        now = clock().timestamp()
        taken[:] = [each for each in taken if now - each < seconds]
        if len(taken) >= requests:
            return Answer(status=429, headers={"Retry-After": str(int(seconds - (now - taken[0])) + 1)})
        taken.append(now)
        return host.honest(request)

    return behave


def disliking(*needles: bytes) -> Behaviour:
    """Fail with 500 on whatever has certain words in it, and on nothing else."""
    return lambda host, request: (
        Answer(status=500) if any(needle in request.body for needle in needles) else host.honest(request)
    )


def flooding(host: "FakeRemote", request: Received) -> Answer:
    """Serve whatever is asked for, each thing leading to ever more: a post that answers a post, a page after a page."""
    if request.method != "GET" or (found := host.honest(request)).status == 200:
        return host.honest(request)
    author = next(iter(host.actors.values()))
    uri, number = host.url(request.path), host.number()
    if request.path.startswith("/pages/"):
        following = {"next": host.url(f"/pages/{number}"), "orderedItems": [host.url(f"/notes/{number}")]}
        return replace(found, status=200, body={"id": uri, "type": "OrderedCollectionPage", **following})
    note = author.note("more", id=uri, inReplyTo=host.url(f"/notes/{number}"))
    return replace(found, status=200, body=note)


def _lying(change: Callable[["FakeRemote", Answer], Answer]) -> Behaviour:
    def behave(host: "FakeRemote", request: Received) -> Answer:
        true = host.honest(request)
        return change(host, true) if request.method == "GET" and isinstance(true.body, dict) else true

    return behave


def _with_fields(**fields: object) -> Behaviour:
    return _lying(lambda _host, true: replace(true, body={**_document(true), **fields}))


def _document(answer: Answer) -> dict[str, object]:
    assert isinstance(answer.body, dict)
    return answer.body


VICTIM = "https://victim.example/users/victim"

DOCUMENT_LIES: dict[str, Behaviour] = {
    "id_of_another": _with_fields(id=VICTIM),
    "id_missing": _with_fields(id=None),
    "id_is_a_list": _with_fields(id=["https://a.example/1"]),
    "as_a_page": _lying(lambda _host, true: replace(true, headers={"Content-Type": "text/html"})),
    "as_an_upload": _lying(lambda _host, true: replace(true, headers={"Content-Type": "application/octet-stream"})),
    "cut_off": _lying(lambda _host, true: replace(true, body=json.dumps(true.body).encode()[:-9])),
    "not_json": _lying(lambda _host, true: replace(true, body=b"\x00\xff" * 99)),
    "twice_the_same_key": _lying(lambda _host, true: replace(true, body=b'{"id":"https://a.example/1","id":"x"}')),
    "deeply_nested": _lying(lambda _host, true: replace(true, body=b'{"a":' * 9_999 + b"1" + b"}" * 9_999)),
    "endless": _lying(lambda _host, true: replace(true, body=b"{", endless=b" " * 65_536)),
    "shorter_than_said": _lying(
        lambda _host, true: replace(true, body=b"{}", headers={"Content-Length": "2", "Content-Encoding": "gzip"})
    ),
    "redirected_for_ever": _lying(lambda host, _true: Answer(status=302, headers={"Location": host.url("/users/x")})),
    "redirected_inside": _lying(lambda _host, _true: Answer(status=302, headers={"Location": "http://10.0.0.1/"})),
    "redirected_to_a_file": _lying(lambda _host, _true: Answer(status=302, headers={"Location": "file:///etc/passwd"})),
    "header_without_end": _lying(lambda _host, true: replace(true, headers={"X-Long": "x" * 99_999})),
}
"""Ways in which a document that is asked for is not what it says: nothing of it may be believed."""
