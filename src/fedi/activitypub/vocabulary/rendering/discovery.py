"""How others find us: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0 and 2.1."""

from html import escape

import msgspec

from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.site import Site

ACTIVITY_JSON = "application/activity+json"
SOFTWARE = "fedi"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
AVATAR = "http://webfinger.net/rel/avatar"
_INTENTS = "https://w3id.org/fep/3b86"
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema"


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What NodeInfo tells of a server's size."""

    users: int
    active_month: int
    active_half_year: int
    posts: int
    comments: int = 0


def webfinger(site: Site, username: str | None, avatar: Json | None = None) -> Json:
    """Return the JRD of a local person, or of the instance actor for None. `avatar` is the icon of their document.

    The templates lead people of this server to its pages: `{uri}` and `{object}` to deal with what is at an address
    (FEP-3b86, and ostatus as all know it), `{content}` to say something.
    """
    if username is None:
        subject, aliases = f"acct:{site.domain}@{site.domain}", [site.instance_actor]
        return {"subject": subject, "aliases": aliases, "links": [_self(site.instance_actor)]}
    actor, profile = site.actor(username), site.profile(username)
    profile_page = {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": profile}
    return {
        "subject": f"acct:{username}@{site.domain}",
        "aliases": [profile, actor],
        "links": [profile_page, _self(actor), *_intents(site), *([_avatar(avatar)] if avatar else [])],
    }


def _intents(site: Site) -> list[Json]:
    interaction = f"{site.base_url}/authorize_interaction?uri="
    return [
        {"rel": SUBSCRIBE, "template": f"{interaction}{{uri}}"},
        {"rel": f"{_INTENTS}/Create", "template": f"{site.base_url}/share?text={{content}}"},
        {"rel": f"{_INTENTS}/Object", "template": f"{interaction}{{object}}"},
    ]


def _avatar(icon: Json) -> Json:
    return {"rel": AVATAR, "type": icon.get("mediaType", ""), "href": icon["url"]}


def host_meta(site: Site) -> str:
    """Return the XRD that says where WebFinger is."""
    template = escape(f"{site.base_url}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template="{template}"/>\n'
        "</XRD>\n"
    )


def nodeinfo_links(site: Site) -> Json:
    """Return what `/.well-known/nodeinfo` answers."""
    versions = ("2.0", "2.1")
    links = [{"rel": f"{_SCHEMA}/{version}", "href": f"{site.base_url}/nodeinfo/{version}"} for version in versions]
    return {"links": links}


def nodeinfo(
    schema: str,
    *,
    version: str,
    name: str,
    description: str,
    open_registrations: bool,
    usage: Usage,
    repository: str = "",
) -> Json:
    """Return NodeInfo of the schema 2.0 or 2.1; only the latter has room for `repository`."""
    software = {"name": SOFTWARE, "version": version}
    if schema == "2.1" and repository:
        software["repository"] = repository
    return {
        "version": schema,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": {
            "users": {
                "total": usage.users,
                "activeMonth": usage.active_month,
                "activeHalfyear": usage.active_half_year,
            },
            "localPosts": usage.posts,
            "localComments": usage.comments,
        },
        "metadata": {"nodeName": name, "nodeDescription": description},
    }


def _self(actor: str) -> Json:
    return {"rel": "self", "type": ACTIVITY_JSON, "href": actor}
