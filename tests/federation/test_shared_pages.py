"""A page that somebody shares is looked at by the running server, and shown with the post."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.fake_remote import Answer, fake_remote
from tests.support.phone import picture
from tests.support.whole import Server, eventually, server

HEAD = b'<html lang="de"><title>Katzen</title><meta property="og:image" content="/cat.png">'


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann",)) as running:
        yield running


def test_a_shared_page_is_shown_with_its_picture(here: Server) -> None:
    ann = here.people["ann"]
    with fake_remote() as there:
        there.answer("/cats", Answer(body=HEAD, headers={"Content-Type": "text/html"}))
        there.answer("/cat.png", Answer(body=picture(), headers={"Content-Type": "image/png"}))
        post = ann.status_post(f"look: {there.url('/cats')}")
        card: dict[str, Any] = eventually(lambda: ann.status(post.id).card)
        assert (card["title"], card["language"], card["url"]) == ("Katzen", "de", there.url("/cats"))
        assert (card["width"], card["height"]) == (60, 40)
        assert len([each for each in there.received if each.path == "/cats"]) == 1
    assert httpx.get(card["image"]).headers["content-type"] == "image/png"
    assert eventually(lambda: ann.timeline_home()[0].card)["title"] == "Katzen"
    rebuilt = here.run("projections", "rebuild", "links")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert ann.status(post.id).card["title"] == "Katzen"
