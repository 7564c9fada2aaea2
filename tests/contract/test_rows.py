"""Every row of the table has a route with its scope, and answers with its entity about real things."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import fedi.api
from fedi.api.routing import Endpoint
from fedi.api.table import Table, collect
from fedi.registry.scopes import SCOPES, accepted
from ops.api_page import api_page
from tests.contract.makers import Maker
from tests.contract.rows import FILE, Row, assert_answers, body_of, filled, rows
from tests.support.whole import Server

ROWS = rows()
PAGE = Path(__file__).parents[2] / "docs" / "api.md"
API = [row for row in ROWS if row.in_api]
ASKED = [row for row in API if row.auth in {"user", "public", "public-or-user", "user-or-app"}]
TABLE = Table(collect(fedi.api))
OPEN = frozenset({"public", "public-or-user"})


@pytest.fixture(scope="module")
def maker(whole: Server) -> Iterator[Maker]:
    made = Maker(whole)
    with contextlib.closing(made.http):
        yield made


def test_the_page_about_the_api_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == api_page(ROWS)


def endpoint(row: Row) -> Endpoint:
    """Return what answers a row. Fails if nothing does."""
    found = TABLE.find(row.method, row.path.replace(":", "x"))
    assert found is not None, f"nothing answers {row.name}"
    return found[0]


def ask(maker: Maker, row: Row, token: str | None) -> httpx.Response:
    """Ask what a row says, about new things."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    files = {"file": ("a.png", maker.picture(), "image/png")} if row.body == FILE else None
    url, body = filled(row.request, maker), body_of(row, maker)
    return maker.http.request(row.method, url, headers=headers, json=body, files=files)


@pytest.mark.parametrize("row", API, ids=lambda row: row.name)
def test_a_row_has_a_route_with_its_scope(row: Row) -> None:
    found = endpoint(row)
    assert row.scopes <= found.accepted
    assert found.accepted <= accepted(row.scopes) | {"follow"}
    if row.auth == "user":
        assert found.auth in {"user", "app", "waiting"}


@pytest.mark.parametrize("row", ASKED, ids=lambda row: row.name)
def test_a_row_is_answered_with_its_entity(row: Row, maker: Maker) -> None:
    answer = ask(maker, row, maker.tokens["ada"])
    if row.answer.isdecimal():
        assert answer.status_code == int(row.answer)
        return
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    if row.answer != "text":
        body: Any = answer.json()
        assert_answers(row, body)
        if row.answer.startswith("[") and row.method == "GET" and row.name not in EMPTY:
            assert body, "an empty list shows nothing"


EMPTY = frozenset(
    f"GET /api/v1/{path}"
    for path in (
        "accounts/:account_id/identity_proofs",
        "instance/domain_blocks",
        "instance/peers",
        "notifications/requests",
        "peers/search",
        "trends",
        "trends/links",
        "trends/statuses",
        "trends/tags",
    )
)
"""Lists with nothing in them on a young server that knows no other; their own tests fill them."""


@pytest.mark.parametrize("row", [row for row in API if row.scopes], ids=lambda row: row.name)
def test_s_097_a_token_with_one_scope_reaches_what_that_scope_covers_and_nothing_else(row: Row) -> None:
    covered = {scope for scope in SCOPES if any(f"{wanted}:".startswith(f"{scope}:") for wanted in row.scopes)}
    assert endpoint(row).accepted - {"follow"} == covered - {"follow"}
    assert endpoint(row).auth != "public" or row.auth == "public-or-user"


@pytest.mark.parametrize("row", [row for row in ASKED if row.auth == "user"], ids=lambda row: row.name)
def test_s_097_a_row_asks_who_is_there_and_what_they_may(row: Row, maker: Maker) -> None:
    request = filled(row.request, lambda name: STAND_INS.get(name, "x"))
    for token, refused in (
        (None, 401),
        ("nonsense", 401),
        (maker.token("push" if "push" not in row.scopes else "read"), 403),
    ):
        if refused == 403 and not row.scopes:
            continue
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = maker.http.request(row.method, request, headers=headers)
        assert answer.status_code == refused
        assert answer.json()["error"]


STAND_INS = {
    **dict.fromkeys(("blocked", "muted", "subscribed"), ""),
    **dict.fromkeys(("bob", "mine", "post"), "1"),
    **dict.fromkeys(("item", "me_in"), "1/items/1"),
    "quoted": "1/quotes/1",
}
"""What stands in an address where it is refused before anybody looks for the thing."""


OTHERS = [row for row in ROWS if not row.in_api and row.method == "GET" and row.answer not in {"SSE", "-"}]
DOCUMENT = "application/activity+json"
THERE = frozenset({200, 301, 302, 303, 307, 308, 401})
"""Shown, led elsewhere, or asked to sign in or to sign."""


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.name)
def test_a_page_or_document_is_where_it_is_looked_for(row: Row, maker: Maker) -> None:
    kind = DOCUMENT if row.auth == "public-or-signed" or row.path in {"/actor", "/emojis/:id"} else "*/*"
    if row.name == "GET /invite/:invite_code":
        kind = "application/json"
    answer = maker.http.get(filled(row.request, maker), headers={"Accept": kind})
    if row.answer.isdecimal():
        assert answer.status_code == int(row.answer)
        return
    assert answer.status_code in THERE, f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code == 200 and row.answer != "text":
        assert_answers(row, answer.json())
