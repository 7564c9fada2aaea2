"""S-109: whatever is typed into a search, a name or an order is a value, and never a piece of a question."""

from urllib.parse import quote

import pytest

from fedi.api.deps import Deps
from tests.support.phone import Phone, phone

pytestmark = pytest.mark.usefixtures("projector")

PIECES = (
    *(
        "' OR '1'='1",
        "'; DROP TABLE read.statuses; --",
        '" OR ""="',
        "1) OR (1=1",
        "') UNION SELECT 1,2,3 --",
        "\\'; --",
    ),
    *(
        "%",
        "_",
        "%%25",
        "*",
        "**",
        "a | b & !c",
        "a <-> b",
        ":*",
        "((((",
        "'a' 'b",
        '"unclosed',
        "\\",
        "${jndi:ldap://x}",
    ),
    *(
        "*)(uid=*))(|(uid=*",
        "admin)(&)",
        "$1",
        "%(q)s",
        "{0}",
        "%s%s%n",
        "\u2028'",
        "pg_sleep(9)",
        "';SELECT pg_sleep(9)--",
    ),
)
DOORS = (
    *(
        "/api/v2/search?q={}",
        "/api/v2/search?q={}&type=statuses",
        "/api/v2/search?q={}&resolve=true",
        "/api/v1/tags/{}",
    ),
    *("/api/v1/accounts/search?q={}", "/api/v1/accounts/lookup?acct={}", "/api/v1/directory?order={}"),
    *(
        "/api/v1/timelines/tag/{}",
        "/api/v1/timelines/tag/cats?any[]={}&all[]={}&none[]={}",
        "/api/v1/timelines/list/{}",
    ),
    *("/api/v1/timelines/public?max_id={}&min_id={}&since_id={}", "/api/v1/statuses/{}", "/api/v1/accounts/{}"),
    *("/api/v1/notifications?types[]={}&exclude_types[]={}&account_id={}", "/api/v1/markers?timeline[]={}"),
    *("/api/v1/accounts/relationships?id[]={}", "/api/v1/timelines/link?url={}", "/api/oembed?url={}"),
    *("/api/v1/domain_blocks?max_id={}", "/api/v1/conversations?max_id={}", "/api/v1/media/{}", "/api/v1/filters/{}"),
)


async def ask(reader: Phone, path: str) -> tuple[int, str]:
    answer = await reader.http.get(path, headers=reader.headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize("door", DOORS)
async def test_s_109_what_is_typed_is_a_value(deps: Deps, door: str) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    secret = await bob.call("POST", "/api/v1/statuses", json={"status": "between us #hidden", "visibility": "direct"})
    nothing = (await ask(ada, door.replace("{}", "thereisnosuchthing")))[0]
    for piece in PIECES:
        status, text = await ask(ada, door.replace("{}", quote(piece, safe="")))
        assert status in {nothing, 200, 400, 401, 404, 422}, (piece, status, text)
        assert "between us" not in text, piece
        assert "syntax" not in text, piece
    assert await bob.call("GET", f"/api/v1/statuses/{secret['id']}")


@pytest.mark.parametrize("field", ["status", "spoiler_text", "language", "visibility", "in_reply_to_id"])
async def test_s_109_what_is_written_is_a_value(deps: Deps, field: str) -> None:
    ada = await phone(deps, "ada")
    for piece in PIECES[::4]:
        given = {"status": "well", field: piece}
        answer = await ada.http.post("/api/v1/statuses", json=given, headers=ada.headers)
        assert answer.status_code in {200, 404, 422}, (piece, answer.text)
        if answer.status_code == 200 and field == "spoiler_text":
            assert answer.json()["spoiler_text"] == piece.strip()
