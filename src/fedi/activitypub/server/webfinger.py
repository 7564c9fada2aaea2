"""WebFinger and host-meta: from a handle or an address to the actor (RFC 7033, RFC 6415; contract ActivityPub §1)."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server.actors import actor_named
from fedi.activitypub.server.answers import discovery, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import rendering, uris
from fedi.errors import ClientError
from fedi.site import Site

MAX_RESOURCE = 2_048
_HANDLE = re.compile(r"(?:acct:)?@?(?P<user>[^@/?#\s%]+)@(?P<host>[^@/?#\s%]+)", re.IGNORECASE)
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,30}")
_PERSON = re.compile(r"/(?:@|users/)([A-Za-z0-9_]{1,30})/?")


class BadResourceError(ClientError):
    """The resource must be a handle, such as acct:user@domain, or an address."""

    status = 400


async def show_webfinger(edge: Edge, request: Request) -> Response:
    """GET /.well-known/webfinger: 400 for what is no resource, 404 for nobody, 410 for somebody who is gone."""
    name = subject_of(edge.site, request.query_params.get("resource", ""))
    if name is None:
        found = rendering.webfinger(edge.site, None)
    else:
        actor = await actor_named(edge, name)
        found = rendering.webfinger(edge.site, actor.username, msgspec.json.decode(actor.document).get("icon"))
    return discovery(found, "application/jrd+json; charset=utf-8")


async def show_host_meta(edge: Edge, request: Request) -> Response:
    """GET /.well-known/host-meta: XRD, or JSON for who names it."""
    if "application/json" in request.headers.get("accept", ""):
        return await show_host_meta_json(edge, request)
    response = discovery(rendering.host_meta(edge.site), "application/xrd+xml; charset=utf-8")
    response.headers["Vary"] = "Accept"
    return response


async def show_host_meta_json(edge: Edge, _: Request) -> Response:
    """GET /.well-known/host-meta.json."""
    template = f"{edge.site.base_url}/.well-known/webfinger?resource={{uri}}"
    response = discovery({"links": [{"rel": "lrdd", "template": template}]}, "application/json; charset=utf-8")
    response.headers["Vary"] = "Accept"
    return response


def subject_of(site: Site, resource: str) -> str | None:
    """Return the local username that a resource names, None for the server itself.

    Understood are `acct:user@domain` (with either of our domains), the address of a profile, of an actor and of the
    instance actor. Raises BadResourceError, and NotFoundError for whatever is not of this server.
    """
    if not resource or len(resource) > MAX_RESOURCE:
        raise BadResourceError
    if resource.lower().startswith(("http://", "https://")):
        return _of_address(site, resource)
    match = _HANDLE.fullmatch(resource)
    if match is None:
        raise BadResourceError
    host, user = _host(site, match["host"]), match["user"]
    if host not in {site.domain, site.web_domain}:
        raise missing()
    if user.lower() in {site.domain, site.domain.partition(":")[0]}:
        return None
    if not _USERNAME.fullmatch(user):
        raise missing()
    return user


def _of_address(site: Site, resource: str) -> str | None:
    try:
        address = uris.parse(resource)
    except uris.InvalidUriError:
        raise BadResourceError from None
    if address.origin != uris.parse(site.base_url).origin:
        raise missing()
    if address.target in {"/", "/actor"}:
        return None
    match = _PERSON.fullmatch(address.target)
    if match is None:
        raise missing()
    return match[1]


def _host(site: Site, text: str) -> str:
    """Return a handle's host in normal form, without the port that its scheme has anyway."""
    scheme = "https" if site.https else "http"
    try:
        return uris.parse(f"{scheme}://{text}/").authority
    except uris.InvalidUriError:
        raise BadResourceError from None
