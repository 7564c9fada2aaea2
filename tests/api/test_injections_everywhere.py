"""S-109 as a scanner tries it: every parameter of everything that can be read, one after another, with pairs of texts
that only a database could tell apart, texts that would make it slow, and texts that would make it complain.
"""

import re
from collections.abc import Iterator
from time import perf_counter
from urllib.parse import quote

import msgspec
import pytest

import fedi.api
from fedi.api.deps import Deps
from fedi.api.routing import Endpoint
from fedi.api.table import Table, collect
from tests.support.phone import Phone, phone

pytestmark = pytest.mark.usefixtures("projector")

READABLE = [each for each in Table(collect(fedi.api)).endpoints if "GET" in each.methods and each.auth != "waiting"]
TRUE_AND_FALSE = (
    ("x' OR '1'='1", "x' OR '1'='2"),
    ("1) OR (1=1", "1) OR (1=2"),
    ("1 AND 1=1-- -", "1 AND 1=2-- -"),
    ("x%' OR 1=1 OR '%'='", "x%' OR 1=2 OR '%'='"),
    ('x" OR 1=1 --', 'x" OR 1=2 --'),
)
SLOW = ("1;SELECT pg_sleep(3)--", "x'||pg_sleep(3)--", "1) AND 1=(SELECT 1 FROM pg_sleep(3))--")
COMPLAINTS = re.compile(r"syntax error|psycopg|PG::|unterminated|SQLSTATE|relation \"|column \"|read\.\w+ ")
SECRET = "known to one alone"


def parameters(endpoint: Endpoint) -> list[str]:
    """Return the names of what an endpoint reads, those in its path included."""
    fields = () if endpoint.decoder is None else msgspec.structs.fields(endpoint.decoder.kind)
    return list(dict.fromkeys([*re.findall(r":(\w+)", endpoint.paths[0]), *(field.encode_name for field in fields)]))


def asked(endpoint: Endpoint, name: str, text: str) -> str:
    """Return the request in which one parameter is that text; the rest of the path is a one."""
    given = quote(text, safe="")
    path = endpoint.paths[0].replace(f":{name}", given) if f":{name}" in endpoint.paths[0] else ""
    return re.sub(r":\w+", "1", path) or f"{re.sub(r':[a-z_]+', '1', endpoint.paths[0])}?{name}={given}"


def attempts() -> Iterator[tuple[Endpoint, str]]:
    """Yield everything that can be read with each of its parameters."""
    for endpoint in READABLE:
        for name in parameters(endpoint):
            yield endpoint, name


async def answered(reader: Phone, path: str, text: str) -> tuple[int, str]:
    """Return what is answered, as if the text itself did not stand in it."""
    answer = await reader.http.get(path, headers=reader.headers)
    body = answer.text if "json" in answer.headers.get("content-type", "") else ""
    assert answer.status_code < 500, (path, answer.text)
    assert not COMPLAINTS.search(body), (path, body)
    assert SECRET not in body, path
    for written in (text, text.strip(), quote(text, safe=""), quote(text), text.replace('"', '\\"')):
        body = body.replace(written, "…")
    return answer.status_code, re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "…", body)


def test_every_kind_of_parameter_is_tried() -> None:
    names = {name for _, name in attempts()}
    assert {"q", "order", "acct", "id", "max_id", "types", "any", "offset", "limit"} <= names
    assert len(list(attempts())) > 200


async def test_s_109_no_parameter_of_anything_that_can_be_read_is_part_of_a_question(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    await bob.call("POST", "/api/v1/statuses", json={"status": f"{SECRET} #hidden", "visibility": "direct"})
    slowest = 0.0
    for number, (endpoint, name) in enumerate(attempts()):
        true, false = TRUE_AND_FALSE[number % len(TRUE_AND_FALSE)]
        yes = await answered(ada, asked(endpoint, name, true), true)
        assert yes == await answered(ada, asked(endpoint, name, false), false), (endpoint.paths, name)
        slow, begun = SLOW[number % len(SLOW)], perf_counter()
        await answered(ada, asked(endpoint, name, slow), slow)
        slowest = max(slowest, perf_counter() - begun)
    assert slowest < 2.5
