"""Puts the edge together for the composition root: mount these before the pages of `web`."""

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from fedi.activitypub.server import actors, collections, nodeinfo, statuses, webfinger
from fedi.activitypub.server.answers import Handler, endpoint
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.negotiation import wants_activity
from fedi.activitypub.server.posting import InboxRoute


def routes(edge: Edge) -> list[BaseRoute]:
    """Return all addresses that other servers use. The inboxes come first: they have the most to do."""
    counted = nodeinfo.Counted()
    person, post = "/users/{name}", "/users/{name}/statuses/{id}"
    documents: dict[str, Handler] = {
        "/.well-known/webfinger": webfinger.show_webfinger,
        "/.well-known/host-meta": webfinger.show_host_meta,
        "/.well-known/host-meta.json": webfinger.show_host_meta_json,
        "/.well-known/nodeinfo": nodeinfo.show_links,
        "/nodeinfo/2.0": nodeinfo.show_nodeinfo("2.0", counted),
        "/nodeinfo/2.1": nodeinfo.show_nodeinfo("2.1", counted),
        "/actor": actors.show_instance_actor,
        "/actor/outbox": collections.show_instance_outbox,
        person: actors.show_actor,
        f"{person}/outbox": collections.show_outbox,
        f"{person}/followers": collections.show_followers,
        f"{person}/following": collections.show_following,
        f"{person}/collections/featured": collections.show_featured,
        f"{person}/collections/tags": collections.show_featured_tags,
        post: statuses.show_status,
        f"{post}/activity": statuses.show_activity,
        f"{post}/replies": statuses.show_replies,
        f"{post}/likes": statuses.show_likes,
        f"{post}/shares": statuses.show_shares,
    }
    pages: dict[str, Handler] = {"/@{name}": actors.show_actor, "/@{name}/{id}": statuses.show_status}
    return [
        InboxRoute(edge),
        *(Route(path, endpoint(edge, handler)) for path, handler in documents.items()),
        *(Negotiated(path, endpoint(edge, handler)) for path, handler in pages.items()),
    ]


class Negotiated(Route):
    """The document at a page's address: this route is there only for who asks for documents, and for local people."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As any route, if the Accept header names documents; else the page that is mounted after it matches."""
        match, child = super().matches(scope)
        if match is Match.NONE or "@" in child["path_params"]["name"]:
            return Match.NONE, {}
        accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        return (match, child) if wants_activity(accept.decode("latin-1")) else (Match.NONE, {})
