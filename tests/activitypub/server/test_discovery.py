"""How others find us: WebFinger, host-meta, NodeInfo."""

from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.routes import routes as routes_of
from fedi.activitypub.server.webfinger import subject_of
from fedi.activitypub.vocabulary import rendering
from fedi.errors import ClientError
from fedi.site import Site
from tests.support.direct import ask, get
from tests.support.fake_actor import Reply
from tests.support.here import SITE, Here, Person
from tests.support.schemas import assert_valid


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return routes_of(edge)


@pytest.fixture
async def bob(here: Here) -> Person:
    known = await here.rows("SELECT id FROM read.accounts WHERE username = 'bob'")
    if known:
        return Person("bob", known[0][0])
    person = await here.person("bob")
    here.fold()
    return person


async def finger(routes: list[BaseRoute], resource: str) -> Reply:
    return await ask(routes, "GET", f"/.well-known/webfinger?resource={quote(resource)}")


@pytest.mark.parametrize("path", ["/.well-known/webfinger", "/.well-known/nodeinfo", "/nodeinfo/2.0"])
async def test_pages_from_elsewhere_may_ask_with_any_header(routes: list[BaseRoute], path: str) -> None:
    reply = await ask(routes, "OPTIONS", path, headers=[(b"access-control-request-headers", b"authorization")])
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "*")
    assert reply.headers["access-control-allow-headers"] == "authorization"
    assert reply.headers["access-control-allow-methods"] == "GET"


@pytest.mark.parametrize(
    "resource",
    [
        "acct:bob@localhost:3000",
        "acct:BOB@LOCALHOST:3000",
        "ACCT:bob@localhost:3000",
        "bob@localhost:3000",
        "@bob@localhost:3000",
        "http://localhost:3000/@bob",
        "http://localhost:3000/users/bob",
        "http://localhost:3000/users/Bob/",
    ],
)
async def test_a_person_is_found_by_handle_and_by_address(routes: list[BaseRoute], bob: Person, resource: str) -> None:
    reply = await finger(routes, resource)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/jrd+json; charset=utf-8"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cache-control"] == "public, max-age=3600"
    document = msgspec.json.decode(reply.body)
    assert_valid(document, "WebfingerJRD")
    assert document["subject"] == "acct:bob@localhost:3000"
    assert {"rel": "self", "type": "application/activity+json", "href": bob.id} in document["links"]
    templates = {link["rel"]: link["template"] for link in document["links"] if "template" in link}
    assert templates == {
        "http://ostatus.org/schema/1.0/subscribe": "http://localhost:3000/authorize_interaction?uri={uri}",
        "https://w3id.org/fep/3b86/Create": "http://localhost:3000/share?text={content}",
        "https://w3id.org/fep/3b86/Object": "http://localhost:3000/authorize_interaction?uri={object}",
    }


@pytest.mark.parametrize(
    "resource",
    [
        "acct:localhost:3000@localhost:3000",
        "acct:localhost@localhost:3000",
        "http://localhost:3000/actor",
        "http://localhost:3000",
    ],
)
async def test_the_server_itself_is_found(routes: list[BaseRoute], here: Here, resource: str) -> None:
    reply = await finger(routes, resource)
    assert reply.status == 200
    assert msgspec.json.decode(reply.body)["subject"] == "acct:localhost:3000@localhost:3000"


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("", 400),
        ("bob", 400),
        ("acct:bob", 400),
        ("acct:bob%40localhost:3000", 400),
        ("acct:bob@evil@localhost:3000", 400),
        ("acct:b ob@localhost:3000", 400),
        ("acct:bob@localhost:3000/", 400),
        ("acct:bob＠localhost:3000", 400),
        ("acct:bob@local host:3000", 400),
        ("http://localhost:3000\\@evil.example/users/bob", 400),
        ("acct:" + "b" * 3000 + "@localhost:3000", 400),
        ("acct:nobody@localhost:3000", 404),
        ("acct:bób@localhost:3000", 404),
        ("acct:bob@elsewhere.example", 404),
        ("acct:bob@localhost", 404),
        ("https://localhost:3000/users/bob", 404),
        ("http://localhost:3000/users/bob/inbox", 404),
        ("http://elsewhere.example/users/bob", 404),
    ],
)
async def test_s_151_other_resources_are_nobody_or_nothing(
    routes: list[BaseRoute], bob: Person, resource: str, status: int
) -> None:
    assert (await finger(routes, resource)).status == status


async def test_no_resource_at_all_is_a_mistake(routes: list[BaseRoute], here: Here) -> None:
    assert (await ask(routes, "GET", "/.well-known/webfinger")).status == 400


async def test_somebody_who_is_gone_is_gone(routes: list[BaseRoute], here: Here) -> None:
    carol = await here.person("carol")
    here.fold()
    assert (await finger(routes, "acct:carol@localhost:3000")).status == 200
    await here.say(carol, "Delete", carol.id)
    here.fold()
    assert (await finger(routes, "acct:carol@localhost:3000")).status == 410
    assert (await get(routes, "/users/carol")).status == 410


def test_a_handle_may_be_on_either_domain() -> None:
    site = Site(domain="example.com", web_domain="social.example.com", https=True)
    for resource in ("acct:bob@example.com", "acct:bob@social.example.com", "acct:bob@example.com:443"):
        assert subject_of(site, resource) == "bob"
    assert subject_of(site, "https://social.example.com/@bob") == "bob"
    assert subject_of(site, "acct:example.com@example.com") is None


def test_our_own_domain_is_known_in_both_its_forms() -> None:
    site = Site(domain="xn--bcher-kva.example", web_domain="www.xn--bcher-kva.example", https=True)
    for resource in ("acct:bob@bücher.example", "acct:bob@BÜCHER.example", "acct:bob@xn--bcher-kva.example"):
        assert subject_of(site, resource) == "bob"
    assert subject_of(site, "https://www.bücher.example/@bob") == "bob"


@given(st.text(max_size=60))
def test_any_resource_is_a_name_or_a_clients_error(resource: str) -> None:
    for text in (resource, f"acct:{resource}@localhost:3000", f"http://localhost:3000/users/{resource}"):
        try:
            name = subject_of(SITE, text)
        except ClientError:
            continue
        assert name is None or name.isascii()


async def test_host_meta_leads_to_webfinger_in_both_forms(routes: list[BaseRoute]) -> None:
    xrd = await get(routes, "/.well-known/host-meta", accept="*/*")
    assert xrd.headers["content-type"] == "application/xrd+xml; charset=utf-8"
    assert b'template="http://localhost:3000/.well-known/webfinger?resource={uri}"' in xrd.body
    for path, accept in (("/.well-known/host-meta.json", "*/*"), ("/.well-known/host-meta", "application/json")):
        reply = await get(routes, path, accept=accept)
        (link,) = msgspec.json.decode(reply.body)["links"]
        assert link == {"rel": "lrdd", "template": "http://localhost:3000/.well-known/webfinger?resource={uri}"}


@pytest.mark.parametrize("schema", ["2.0", "2.1"])
async def test_nodeinfo_tells_what_this_is(routes: list[BaseRoute], bob: Person, schema: str) -> None:
    links = msgspec.json.decode((await get(routes, "/.well-known/nodeinfo")).body)["links"]
    (href,) = [link["href"] for link in links if link["rel"].endswith(f"/{schema}")]
    reply = await get(routes, href.removeprefix(SITE.base_url))
    profile = f"http://nodeinfo.diaspora.software/ns/schema/{schema}#"
    assert reply.headers["content-type"] == f'application/json; profile="{profile}"; charset=utf-8'
    document = msgspec.json.decode(reply.body)
    assert (document["version"], document["software"]["name"]) == (schema, "fedi")
    assert document["protocols"] == ["activitypub"]
    assert document["openRegistrations"] is True
    assert set(document["usage"]["users"]) == {"total", "activeMonth", "activeHalfyear"}
    if schema == "2.0":
        assert_valid(document, "NodeInfo20")


async def test_the_instance_actor_is_served_to_everybody(routes: list[BaseRoute], here: Here) -> None:
    reply = await get(routes, "/actor")
    assert reply.status == 200
    document = msgspec.json.decode(reply.body)
    assert document["id"] == SITE.instance_actor
    assert document["type"] == "Application"
    assert document["publicKey"]["owner"] == SITE.instance_actor
    assert document == rendering.instance_actor_document(SITE, document["publicKey"]["publicKeyPem"])
    again = await get(routes, "/actor", accept="text/html")
    assert again.body == reply.body
    outbox = msgspec.json.decode((await get(routes, "/actor/outbox")).body)
    assert (outbox["id"], outbox["orderedItems"]) == (document["outbox"], [])
