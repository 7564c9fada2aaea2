"""What an app hears while it listens, by server-sent events."""

import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest
from mastodon import CallbackStreamListener

from tests.clients.conftest import Life

_LISTENER: Any = CallbackStreamListener


class Ear:
    """Listens, and gives back what it heard in the order in which it came."""

    def __init__(self, open_stream: Any, *what: Any) -> None:
        self._heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        listener = _LISTENER(
            update_handler=lambda heard: self._heard.put(("update", heard)),
            delete_handler=lambda heard: self._heard.put(("delete", heard)),
            notification_handler=lambda heard: self._heard.put(("notification", heard)),
            conversation_handler=lambda heard: self._heard.put(("conversation", heard)),
            status_update_handler=lambda heard: self._heard.put(("status_update", heard)),
            filters_changed_handler=lambda: self._heard.put(("filters_changed", None)),
        )
        self.handle = open_stream(*what, listener, run_async=True, timeout=20)

    def hear(self) -> tuple[str, Any]:
        return self._heard.get(timeout=20)


def hush(ears: list[Ear], wake: Callable[[], object]) -> None:
    """Stop listening. The library stops when it next hears something, so there has to be something to be heard."""
    stopping = [threading.Thread(target=ear.handle.close) for ear in ears]
    for thread in stopping:
        thread.start()
    wake()
    for thread in stopping:
        thread.join()


@pytest.fixture(scope="module", autouse=True)
def follows(life: Life) -> None:
    life.ada.account_follow(life.bob.me())


def test_a_post_is_heard_of_from_its_first_word_to_its_end(life: Life) -> None:
    ears = [
        Ear(life.ada.stream_user),
        Ear(life.ada.stream_public),
        Ear(life.ada.stream_local),
        Ear(life.ada.stream_hashtag, "heard"),
    ]
    try:
        post = life.bob.status_post("Do you #heard me")
        for ear in ears:
            kind, heard = ear.hear()
            assert (kind, heard.id, heard.account.acct) == ("update", post.id, "bob")
        life.bob.status_update(post, "Did you #heard me")
        assert ears[0].hear()[0] == "status_update"
        life.bob.status_delete(post)
        kind, gone = ears[0].hear()
        assert (kind, str(gone)) == ("delete", str(post.id))
    finally:
        hush(ears, lambda: life.bob.status_post("#heard enough"))


def test_what_concerns_somebody_is_heard_by_them(life: Life) -> None:
    told, letters = Ear(life.ada.stream_user), Ear(life.ada.stream_direct)
    try:
        said = life.bob.status_post("@ada psst", visibility="direct")
        heard = dict(told.hear() for _ in range(2))
        assert heard["notification"].status.id == said.id
        assert letters.hear()[1].last_status.id == said.id
        life.ada.create_filter_v2("Pets", ["home"], "hide", keywords_attributes=[{"keyword": "hamster"}])
        while (kind := told.hear()[0]) != "filters_changed":
            assert kind in {"update", "conversation"}
    finally:
        hush([told, letters], lambda: life.bob.status_post("@ada enough", visibility="direct"))
    assert life.ada.stream_healthy()
