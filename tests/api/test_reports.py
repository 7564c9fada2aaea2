"""Reporting somebody."""

from typing import Any

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")

REPORTS = "/api/v1/reports"


async def post(author: Phone, **fields: Any) -> str:
    said: dict[str, Any] = await author.call("POST", "/api/v1/statuses", json={"status": "Buy this", **fields})
    return str(said["id"])


async def test_a_report_says_what_was_reported(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    spam = await post(bob)
    target = str(bob.owner.id)
    body = {"account_id": target, "status_ids": [spam], "comment": "Spam!", "category": "spam", "forward": True}
    filed = await ada.call("POST", REPORTS, json=body)
    assert_valid(filed, "Report")
    assert (filed["category"], filed["comment"], filed["status_ids"]) == ("spam", "Spam!", [spam])
    assert (filed["forwarded"], filed["action_taken"], filed["target_account"]["id"]) == (False, False, target)
    form = {"account_id": target, "status_ids[]": spam, "rule_ids[]": ["1", "2"]}
    broken = await ada.call("POST", REPORTS, data=form)
    assert (broken["category"], broken["rule_ids"], broken["comment"]) == ("violation", ["1", "2"], "")
    found = await deps_rows(
        deps, "SELECT id, category FROM read.reports WHERE target_id = %s ORDER BY id", bob.owner.id
    )
    assert found == [(int(filed["id"]), "spam"), (int(broken["id"]), "violation")]


async def test_only_what_can_be_seen_is_reported(deps: Deps) -> None:
    ada, bob, eve = [await phone(deps, name) for name in ("ada", "bob", "eve")]
    target = str(bob.owner.id)
    for hidden in (await post(bob, visibility="private"), await post(eve), "17"):
        await ada.call("POST", REPORTS, 404, json={"account_id": target, "status_ids": [hidden]})
    to_ada = await post(bob, status=f"@{ada.owner.username} buy this", visibility="direct")
    await ada.call("POST", REPORTS, json={"account_id": target, "status_ids": [to_ada]})
    await ada.call("POST", REPORTS, 404, json={"account_id": "17"})


async def test_there_is_no_end_to_what_is_wrong(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    target = str(bob.owner.id)
    await ada.call("POST", REPORTS, json={"account_id": target, "comment": "x" * 1000})
    for wrong in ({"comment": "x" * 1001}, {"category": "boredom"}, {"status_ids": ["x"]}, {"account_id": "x"}):
        await ada.call("POST", REPORTS, 422, json={"account_id": target, **wrong})
    await ada.call("POST", REPORTS, 422, json={"status_ids": list(range(1, 102)), "account_id": target})
    for name in ("rule_ids", "collection_ids", "forward_to_domains"):
        for many, status in ((["1"] * 100, 200), (["1"] * 101, 422), (["x" * 254], 422)):
            await ada.call("POST", REPORTS, status, json={"account_id": target, name: many})
    await ada.call("POST", REPORTS, 422, json={})


async def test_only_its_scope_lets_report(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada", "write:reports"), await phone(deps, "bob", "read", "write:statuses")
    body = {"account_id": str(bob.owner.id)}
    await ada.call("POST", REPORTS, json=body)
    await bob.call("POST", REPORTS, 403, json=body)
    await bob.call("POST", REPORTS, 401, json=body, headers={"Authorization": ""})


async def deps_rows(deps: Deps, query: str, *values: Any) -> list[tuple[Any, ...]]:
    async with deps.pool.connection() as connection:
        return await (await connection.execute(query, values)).fetchall()
