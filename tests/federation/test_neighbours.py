"""What each named software sends, as it sends it, comes in over the inbox and is read by people as it was meant.

The fixtures are of our own writing: each has an actor, posts of each kind, answers, boosts, likes, reactions, votes,
edits and deletions with the quirks of that software, and what the client API must say of them.
"""

from typing import Any

import httpx
import psycopg
import pytest

from fedi.activitypub.vocabulary import html
from tests.support import foreign
from tests.support.fediverse import Fediverse
from tests.support.foreign import Document, Foreigner
from tests.support.whole import Server, eventually


class Reader:
    """What Ann's app sees."""

    def __init__(self, here: Server) -> None:
        self._database = here.database
        self.app = here.people["ann"]
        self._home = f"http://{here.domain}"

    def status(self, uri: str) -> Document | None:
        """Return the status of a URI, with its text and without markup; None if there is none to see."""
        with psycopg.connect(self._database) as connection:
            row = connection.execute("SELECT id FROM read.statuses WHERE uri = %s", [uri]).fetchone()
        answer = self._ask(f"/api/v1/statuses/{row[0]}") if row else None
        if answer is None or answer.status_code == 404:
            return None
        status: Document = answer.raise_for_status().json()
        return status | {"text": html.to_text(status["content"])}

    def reactions(self, account_id: str) -> list[str]:
        """Return the emoji with which somebody favourited; no client API tells them."""
        with psycopg.connect(self._database) as connection:
            query = "SELECT emoji FROM read.favourites WHERE account_id = %s"
            return [emoji for (emoji,) in connection.execute(query, [account_id])]

    def get(self, path: str) -> Any:
        """Return an answer of the API."""
        return self._ask(path).raise_for_status().json()

    def _ask(self, path: str) -> httpx.Response:
        return httpx.get(self._home + path, headers={"Authorization": f"Bearer {self.app.access_token}"})


def lacks(expected: Any, found: Any, at: str = "") -> str:
    """Return where something does not hold what is expected of it, or "". What is not named may be anything."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return next(filter(None, (lacks(part, found.get(key), f"{at}.{key}") for key, part in expected.items())), "")
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return next(filter(None, (lacks(*pair, f"{at}[{number}]") for number, pair in pairs)), "")
    return "" if expected == found else f"{at} is {found!r} and not {expected!r}"


def shown(reader: Reader, account_id: str, chapter: Document) -> str:
    """Return what is not yet as a chapter says, or ""."""
    for uri, expected in chapter["statuses"].items():
        if wrong := lacks(expected, reader.status(uri), uri):
            return wrong
    if "account" in chapter and (wrong := lacks(chapter["account"], reader.get(f"/api/v1/accounts/{account_id}"))):
        return wrong
    if "hashtags" in chapter:
        names = [each["name"] for each in reader.get(f"/api/v1/accounts/{account_id}/featured_tags")]
        if wrong := lacks(chapter["hashtags"], sorted(names, key=str.lower), "hashtags"):
            return wrong
    if "pins" in chapter:
        pinned = [each["uri"] for each in reader.get(f"/api/v1/accounts/{account_id}/statuses?pinned=true")]
        if wrong := lacks(chapter["pins"], pinned, "pins"):
            return wrong
    if "favourite_emoji" in chapter and reader.reactions(account_id) != [chapter["favourite_emoji"]]:
        return "the emoji is lost"
    if "notifications" in chapter:
        heard = reader.get(f"/api/v1/notifications?account_id={account_id}")
        return lacks(chapter["notifications"], sorted(each["type"] for each in heard), "notifications")
    return ""


@pytest.mark.parametrize("software", foreign.names())
def test_a_neighbour_is_understood(here: Server, everywhere: Fediverse, software: str) -> None:
    reader = Reader(here)
    ann = reader.app
    post = ann.status_post(f"hello {software}")
    poll = ann.status_post("well?", poll=ann.make_poll(["yes", "no"], expires_in=3600))
    places = {"here": here.domain, "ann": here.actor("ann"), "post_id": str(post.id)}
    there = Foreigner(software, everywhere.host(), {**places, "post": post.uri, "poll": poll.uri})

    (found,) = ann.account_search(there.handle, resolve=True)
    ann.account_follow(found)
    follows = there.host.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Follow")
    there.followed(follows[0].activity)
    assert there.send(there.accept, here.inbox).status == 202
    eventually(lambda: ann.account_relationships(found)[0].following)

    for chapter in there.chapters:
        for activity in chapter["acts"]:
            answer = there.send(activity, here.inbox)
            assert (answer.status, activity["type"]) == (202, activity["type"]), answer.body
        wrong = [""]

        def as_told(chapter: Document = chapter, wrong: list[str] = wrong) -> bool:
            wrong[0] = shown(reader, str(found.id), chapter)
            return not wrong[0]

        try:
            eventually(as_told)
        except AssertionError:
            pytest.fail(f"{software}: {wrong[0]}")
