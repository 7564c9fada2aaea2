"""Posts for followers say who of the receiving server follows their author; no other post does (FEP-8fcf)."""

import pytest

from fedi.activitypub.vocabulary.synchronization import HEADER, Synchronization, digest_of, read
from tests.support.delivering import Delivering
from tests.support.fake_remote import Received


def said_in(request: Received) -> Synchronization | None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return read(headers.get(HEADER.lower(), ""))


async def test_each_host_is_told_the_digest_of_its_own_followers(post: Delivering) -> None:
    one, other = post.everywhere.host("one.example"), post.everywhere.host("other.example")
    alice = await post.here.person("alice")
    fans = await post.followed(alice, one, other)
    (second,) = await post.followed(alice, one, name="second")
    await post.here.post(alice, to=[alice.followers], cc=[])
    await post.here.post(alice)
    await post.deliver()
    for host, followers in ((one, [fans[0].id, second.id]), (other, [fans[1].id])):
        private, public = host.deliveries("Create")
        said = said_in(private)
        assert said is not None
        assert (said.collection, said.digest) == (alice.followers, digest_of(followers))
        assert said.url == f"{alice.id}/followers_synchronization"
        assert "collection-synchronization" in private.headers.get("signature", "").lower()
        assert said_in(public) is None


@pytest.mark.parametrize("kind", ["Like", "Follow"])
async def test_nothing_else_carries_it(post: Delivering, kind: str) -> None:
    host = post.everywhere.host(f"{kind.lower()}.example")
    alice = await post.here.person("alice")
    (fan,) = await post.followed(alice, host)
    await post.here.say(alice, kind, fan.id, to=[fan.id])
    await post.deliver()
    assert [said_in(each) for each in host.deliveries()] == [None] * len(host.deliveries())
