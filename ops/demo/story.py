"""What happens in the demonstration. Each act is done by an app on one server and seen by the stream on the other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ops.demo.narrator import Narrator
from ops.demo.person import DidNotHappen, Heard, Person, eventually
from ops.demo.server import Server


def tell(narrator: Narrator, servers: dict[str, Server]) -> None:
    """Let a person on each of two servers live a little, then fold both servers' logs again."""
    with ThreadPoolExecutor(len(servers)) as hands:
        ann, bob = hands.map(lambda named: named[1].person(named[0]), servers.items())
    for person in (ann, bob):
        person.listen()
        narrator.act(person.name, f"has an account, @{person.handle}, and a stream open")
    _meet(narrator, ann, bob)
    _talk(narrator, ann, bob)
    narrator.heading("Both fold their logs anew, while they serve, and compare")
    for name, server in servers.items():
        _fold(narrator, name, server)


def _meet(narrator: Narrator, ann: Person, bob: Person) -> None:
    narrator.heading("They follow each other")
    _follow(narrator, ann, bob)
    _follow(narrator, bob, ann)


def _follow(narrator: Narrator, follower: Person, followed: Person) -> None:
    found = follower.get("/api/v2/search", q=followed.handle, resolve="true", type="accounts")["accounts"]
    if not found:
        raise DidNotHappen(f"{follower.name} did not find {followed.handle}")
    account = found[0]["id"]
    begun = time.monotonic()
    follower.do("POST", f"/api/v1/accounts/{account}/follow")
    narrator.act(follower.name, f"looks for @{followed.handle} and follows")
    heard = followed.hears("the follow", _notified("follow"))
    narrator.seen(followed.name, f"{follower.name} follows you", heard.at - begun)

    def accepted() -> bool:
        (relationship,) = follower.get("/api/v1/accounts/relationships", **{"id[]": account})
        return bool(relationship["following"])

    eventually(f"{followed.name}'s server accepts the follow", accepted)


def _talk(narrator: Narrator, ann: Person, bob: Person) -> None:
    narrator.heading("They talk")
    begun = time.monotonic()
    post = ann.do("POST", "/api/v1/statuses", status="Hello from the other side #introduction")
    narrator.act("ann", "posts “Hello from the other side #introduction”")
    heard = bob.hears("the post", _about("update", post["uri"]))
    seen = heard.payload
    narrator.seen("bob", f"a post by @{seen['account']['acct']}", heard.at - begun)

    begun = time.monotonic()
    reply = bob.do("POST", "/api/v1/statuses", status=f"@{ann.handle} I can hear you", in_reply_to_id=seen["id"])
    narrator.act("bob", "replies “I can hear you”")
    heard = ann.hears("the reply", lambda each: _notified("mention")(each) and _uri(each) == reply["uri"])
    narrator.seen("ann", "bob mentions you, in answer to your post", heard.at - begun)

    for verb, kind, said in (("reblog", "reblog", "boosts"), ("favourite", "favourite", "favourites")):
        begun = time.monotonic()
        bob.do("POST", f"/api/v1/statuses/{seen['id']}/{verb}")
        narrator.act("bob", f"{said} the post")
        heard = ann.hears(f"the {kind}", _notified(kind))
        narrator.seen("ann", f"bob {said} your post", heard.at - begun)

    begun = time.monotonic()
    ann.do("PUT", f"/api/v1/statuses/{post['id']}", status="Hello from the other server #introduction")
    narrator.act("ann", "edits it: “Hello from the other server #introduction”")
    heard = bob.hears("the edit", _about("status.update", post["uri"]))
    narrator.seen("bob", "the post was edited", heard.at - begun)

    slip = ann.do("POST", "/api/v1/statuses", status="Wrong window, sorry")
    narrator.act("ann", "posts “Wrong window, sorry”")
    there = bob.hears("the second post", _about("update", slip["uri"])).payload["id"]
    begun = time.monotonic()
    ann.do("DELETE", f"/api/v1/statuses/{slip['id']}")
    narrator.act("ann", "deletes it")
    heard = bob.hears("the deletion", lambda each: each.kind == "delete" and each.payload == there)
    narrator.seen("bob", "the post is gone", heard.at - begun)
    _compare(ann, bob, post["id"], seen["id"])


def _compare(ann: Person, bob: Person, here: str, there: str) -> None:
    """Both sides must have come to the same: a post, edited, with one reply, one boost and one favourite."""
    for person, status in ((ann, here), (bob, there)):
        post = person.get(f"/api/v1/statuses/{status}")
        counts = (post["replies_count"], post["reblogs_count"], post["favourites_count"])
        if counts != (1, 1, 1) or "other server" not in post["content"]:
            raise DidNotHappen(f"{person.name} sees {counts} replies, boosts and favourites, and {post['content']!r}")


def _fold(narrator: Narrator, name: str, server: Server) -> None:
    rebuilt = server.report("projections", "rebuild", "--all")
    narrator.act(name, f"rebuilds every view: {rebuilt['position']} events in {rebuilt['seconds']:.2f} s")
    verdict = server.report("projections", "verify", "--all")
    if not verdict["equal"]:
        raise DidNotHappen(f"the views of {name}'s server differ from its log: {verdict}")
    rows = sum(each["rows"] for each in verdict["compared"])
    tables = len(verdict["compared"])
    narrator.act(name, f"verifies {tables} tables and timelines, {rows} rows: equal")


def _notified(kind: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.kind == "notification" and heard.payload["type"] == kind


def _about(kind: str, uri: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.kind == kind and heard.payload["uri"] == uri


def _uri(heard: Heard) -> Any:
    return heard.payload["status"]["uri"]
