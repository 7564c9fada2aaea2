"""What lists show of their members, and what they keep out of home: the same by REST, live, and after a rebuild."""

import asyncio
from typing import Any

import pytest

from fedi.api.deps import Deps
from fedi.projections.rebuild import rebuild
from tests.support.phone import Phone, phone

pytestmark = pytest.mark.usefixtures("projector")


async def circle(deps: Deps) -> tuple[Phone, Phone, Phone, Phone]:
    """Ada follows Bob, Cid and Dan."""
    ada, bob, cid, dan = [await phone(deps, name) for name in ("ada", "bob", "cid", "dan")]
    for each in (bob, cid, dan):
        await ada.call("POST", f"/api/v1/accounts/{each.owner.id}/follow")
    return ada, bob, cid, dan


async def listing(owner: Phone, *members: Phone, **fields: Any) -> str:
    made = await owner.call("POST", "/api/v1/lists", json={"title": "Some", **fields})
    ids = [str(each.owner.id) for each in members]
    await owner.call("POST", f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": ids})
    return str(made["id"])


async def say(writer: Phone, text: str, **more: Any) -> str:
    said = await writer.call("POST", "/api/v1/statuses", json={"status": text, **more})
    return str(said["id"])


async def texts(reader: Phone, path: str) -> set[str]:
    found = await reader.call("GET", f"/api/v1/timelines/{path}")
    return {(each["reblog"] or each)["content"].removeprefix("<p>").removesuffix("</p>") for each in found}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("list", {"alone", "to oneself", "to a member", "to the owner"}),
        ("followed", {"alone", "to oneself", "to a member", "to somebody followed", "to the owner"}),
        ("none", {"alone", "to oneself", "to the owner"}),
    ],
)
async def test_the_replies_policy_counts_now_and_after_a_rebuild(
    deps: Deps, database_url: str, policy: str, expected: set[str]
) -> None:
    ada, bob, cid, dan = await circle(deps)
    stranger = await phone(deps, "eve")
    members = await listing(ada, bob, cid, replies_policy=policy)
    alone = await say(bob, "alone")
    await say(bob, "to oneself", in_reply_to_id=alone)
    for other, text in ((cid, "to a member"), (dan, "to somebody followed"), (stranger, "to a stranger")):
        await say(bob, text, in_reply_to_id=await say(other, "question"))
    await say(bob, "to the owner", in_reply_to_id=await say(ada, "question"))
    assert await texts(ada, f"list/{members}") - {"question"} == expected
    await asyncio.to_thread(rebuild, database_url)
    assert await texts(ada, f"list/{members}") - {"question"} == expected


async def test_an_exclusive_list_takes_its_members_out_of_home(deps: Deps, database_url: str) -> None:
    ada, bob, cid, _ = await circle(deps)
    await say(bob, "by Bob")
    await say(cid, "by Cid")
    assert await texts(ada, "home") >= {"by Bob", "by Cid"}
    apart = await listing(ada, bob, exclusive=True)
    assert await texts(ada, "home") & {"by Bob", "by Cid"} == {"by Cid"}
    assert await texts(ada, f"list/{apart}") == {"by Bob"}
    await asyncio.to_thread(rebuild, database_url)
    assert await texts(ada, "home") & {"by Bob", "by Cid"} == {"by Cid"}
    await ada.call("PUT", f"/api/v1/lists/{apart}", json={"exclusive": False})
    assert await texts(ada, "home") >= {"by Bob", "by Cid"}
    await ada.call("PUT", f"/api/v1/lists/{apart}", json={"exclusive": True})
    await ada.call("DELETE", f"/api/v1/lists/{apart}")
    assert await texts(ada, "home") >= {"by Bob", "by Cid"}


async def test_a_list_shows_what_its_owner_wants_of_its_members(deps: Deps) -> None:
    ada, bob, cid, _ = await circle(deps)
    members = await listing(ada, bob)
    await say(bob, "in English", language="en")
    await say(bob, "in Dutch", language="nl")
    await say(bob, f"for @{ada.owner.username} alone", visibility="direct")
    shared = await say(cid, "shared", language="en")
    boost = await bob.call("POST", f"/api/v1/statuses/{shared}/reblog")
    path = f"/api/v1/accounts/{bob.owner.id}"
    assert await texts(ada, f"list/{members}") == {"in English", "in Dutch", "shared"}
    await ada.call("POST", f"{path}/follow", json={"reblogs": True, "languages": ["nl"]})
    assert await texts(ada, f"list/{members}") == {"in Dutch"}
    await ada.call("POST", f"{path}/follow", json={"reblogs": True, "languages": ["nl", "en"]})
    assert boost["id"] in {each["id"] for each in await ada.call("GET", f"/api/v1/timelines/list/{members}")}
    await ada.call("POST", f"{path}/follow", json={"reblogs": False})
    assert await texts(ada, f"list/{members}") == {"in English", "in Dutch"}
    await ada.call("POST", f"/api/v1/accounts/{bob.owner.id}/mute")
    assert await texts(ada, f"list/{members}") == set()
