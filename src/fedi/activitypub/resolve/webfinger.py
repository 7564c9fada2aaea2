"""Asks a host who stands behind a handle (RFC 7033), and checks that handle and actor agree.

A handle counts only if both sides say so: the host of the actor's id names it, and its own host names the actor, byte
for byte (contract ActivityPub §1, "loop check"; S-148). Two hops, no more.
"""

import html
import re
from urllib.parse import quote

import msgspec

from fedi.activitypub.resolve.errors import NotForUs, NotLearnt
from fedi.activitypub.resolve.means import Means
from fedi.activitypub.vocabulary import json, uris, values
from fedi.activitypub.vocabulary.media_types import ACTIVITYSTREAMS
from fedi.errors import PeerError
from fedi.services.http import Response
from fedi.site import Site

ACCEPT = "application/jrd+json, application/json"
HOST_META = "application/xrd+xml, application/xml"
MAX_HANDLE = 2_048
MAX_HOST_META = 10_000
_HANDLE = re.compile(r"(?:acct:)?@?(?P<user>[^@\s/?#]+)@(?P<host>[^@\s/?#]+)", re.IGNORECASE)
_LINK = re.compile(r"<Link\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b(rel|template)\s*=\s*(["'])([^"'<>]*)\2""")
_TYPES = frozenset({"application/activity+json", f'application/ld+json; profile="{ACTIVITYSTREAMS}"'})
_KINDS = frozenset({"application/jrd+json", "application/json"})
_LOOPBACK = re.compile(r"(?:localhost|127\.[0-9.]+|\[?::1\]?)(?::[0-9]+)?")


class Handle(msgspec.Struct, frozen=True):
    """`host` is in normal form, with its port where it has one."""

    user: str
    host: str

    @property
    def text(self) -> str:
        return f"{self.user}@{self.host}"

    @property
    def resource(self) -> str:
        """The `acct:` URI as it stands in a query: a name may hold what would begin another parameter, or end it."""
        return quote(f"acct:{self.text}", safe=":@")

    def same(self, other: "Handle") -> bool:
        """Tell whether two handles name the same: case does not count."""
        return self.text.lower() == other.text.lower()


class Pointed(msgspec.Struct, frozen=True):
    """What a host answered: the handle as it spells it, and the id of the actor."""

    subject: Handle
    actor: str


def read_handle(text: str) -> Handle:
    """Return the handle in `user@host`, `@user@host` or `acct:user@host`; raises `NotLearnt`."""
    match = _HANDLE.fullmatch(text) if len(text) <= MAX_HANDLE else None
    if match is None:
        raise NotLearnt("This is not a handle.", status=400, reason="bad_handle")
    return Handle(match["user"], uris.parse(f"https://{match['host'].lower()}/").authority)


async def ask(means: Means, handle: Handle) -> Pointed:
    """Return what a handle's host says; raises `NotLearnt`, `Unreachable`."""
    site = means.site
    if handle.host in {site.domain, site.web_domain}:
        raise NotForUs
    scheme = _scheme(site, handle.host)
    base = f"{scheme}://{handle.host}/.well-known"
    response = await _get(means, f"{base}/webfinger?resource={handle.resource}", ACCEPT)
    if response.status == 404:
        elsewhere = _template(await _get(means, f"{base}/host-meta", HOST_META))
        if elsewhere.startswith(("https://", f"{scheme}://")):  # as with redirects: never from https to http
            response = await _get(means, elsewhere.replace("{uri}", handle.resource), ACCEPT)
    if not response.ok:
        raise NotLearnt("The other server knows nobody of this name.", status=404, reason="handle_unknown")
    if response.content_type.partition(";")[0].strip().lower() not in _KINDS:
        raise NotLearnt(reason="content_type")
    document = json.parse(response.body)
    actor = next(
        (
            values.uri(link.get("href"))
            for link in values.objects(document.get("links"))
            if link.get("rel") == "self" and link.get("type") in _TYPES
        ),
        "",
    )
    subject = document.get("subject")
    if not actor or not isinstance(subject, str):
        raise NotLearnt("The other server's answer about the handle says too little.", reason="webfinger_incomplete")
    return Pointed(read_handle(subject), actor)


async def _get(means: Means, address: str, accept: str) -> Response:
    url = uris.parse(address)
    if url.authority in {means.site.domain, means.site.web_domain}:
        raise NotForUs
    async with means.hosts.slot(url.authority):
        return await means.knocker.get_unsigned(url, accept)


def _template(host_meta: Response) -> str:
    """Return where a host's XRD (RFC 6415) says that its handles are answered for; "" if it does not.

    Not read as XML: a document type with entities could make of little very much.
    """
    if not host_meta.ok or not host_meta.content_type.partition(";")[0].strip().lower().endswith("xml"):
        return ""
    text = host_meta.body[:MAX_HOST_META].decode("utf-8", "replace")
    for link in _LINK.findall(text):
        attributes = {name: html.unescape(value) for name, _, value in _ATTRIBUTE.findall(link)}
        if attributes.get("rel") == "lrdd" and "{uri}" in attributes.get("template", ""):
            return attributes["template"]
    return ""


async def confirmed_handle(means: Means, actor: str, username: str) -> str:
    """Return the `user@domain` of an actor whose handle has another domain than its id, as both confirm; else "".

    Without that the handle is on the id's own host, which its owner may name as it likes.
    """
    own = Handle(username, uris.parse(actor).authority)
    try:
        first = await ask(means, own)
        if first.actor != actor or first.subject.same(own) or first.subject.user.lower() != username.lower():
            return ""
        second = await ask(means, first.subject)
    except PeerError:
        return ""
    agreed = second.actor == actor and second.subject.same(first.subject)
    return first.subject.text if agreed else ""


def _scheme(site: Site, host: str) -> str:
    """Only a server that speaks http itself, in development, asks its neighbours on loopback so."""
    return "http" if not site.https and _LOOPBACK.fullmatch(host) else "https"
