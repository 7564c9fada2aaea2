"""Puts the edge together for the composition root. Pages of `web` at the same addresses may stand before or after."""

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from fedi.activitypub.server import (
    actors,
    collections,
    contexts,
    emojis,
    featured,
    interactions,
    nodeinfo,
    numbered,
    quotes,
    statuses,
    synchronization,
    webfinger,
)
from fedi.activitypub.server.answers import Handler, allowed, endpoint
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.gate import guarded
from fedi.activitypub.server.posting import InboxRoute
from fedi.negotiation import asks_for_document, asks_for_page


def routes(edge: Edge) -> list[BaseRoute]:
    """Return all addresses that other servers use, those first that have the most to do. The first is the inboxes."""
    counted = nodeinfo.Counted()
    person, post = "/users/{name}", "/users/{name}/statuses/{id}"
    open_to_all: dict[str, Handler] = {
        "/.well-known/webfinger": webfinger.show_webfinger,
        "/.well-known/host-meta": webfinger.show_host_meta,
        "/.well-known/host-meta.json": webfinger.show_host_meta_json,
        "/.well-known/nodeinfo": nodeinfo.show_links,
        "/nodeinfo/2.0": nodeinfo.show_nodeinfo("2.0", counted),
        "/nodeinfo/2.1": nodeinfo.show_nodeinfo("2.1", counted),
        "/actor": actors.show_instance_actor,
        "/actor/outbox": collections.show_instance_outbox,
        "/emojis/{id}": emojis.show_emoji,
    }
    documents: dict[str, Handler] = {
        "/ap/users/{number}": numbered.show_actor,
        "/ap/users/{number}/statuses/{id}": numbered.show_status,
        "/contexts/{id}": contexts.show_context,
        "/contexts/{id}/items": contexts.show_items,
        f"{person}/outbox": collections.show_outbox,
        f"{person}/followers": collections.show_followers,
        f"{person}/following": collections.show_following,
        f"{person}/followers_synchronization": synchronization.show_followers,
        f"{person}/collections/featured": collections.show_featured,
        f"{person}/collections/tags": collections.show_featured_tags,
        f"{person}/quote_authorizations/{{id}}": quotes.show_stamp,
        f"{person}/interaction_authorizations/{{key}}": interactions.show_stamp,
        f"{person}/collections/recommended": featured.show_own_collections,
        f"{person}/collections/{{id}}": featured.show_collection,
        "/ap/users/{id}/featured_collections": featured.show_collections,
        "/ap/users/{id}/feature_authorizations/{item}": featured.show_authorization,
        f"{post}/activity": statuses.show_activity,
        f"{post}/replies": statuses.show_replies,
        f"{post}/likes": statuses.show_likes,
        f"{post}/shares": statuses.show_shares,
    }
    return [
        InboxRoute(edge),
        UnlessPage(person, endpoint(edge, guarded(actors.show_actor))),
        UnlessPage(post, endpoint(edge, guarded(statuses.show_status))),
        *(Route(path, endpoint(edge, handler)) for path, handler in open_to_all.items()),
        *(Route(path, allowed, methods=["OPTIONS"]) for path in open_to_all),
        *(Route(path, endpoint(edge, guarded(handler))) for path, handler in documents.items()),
        IfDocument("/@{name}", endpoint(edge, guarded(actors.show_actor))),
        IfDocument("/@{name}/{id}", endpoint(edge, guarded(statuses.show_status))),
    ]


class UnlessPage(Route):
    """A document at its own address: for everybody but browsers, who are led to the page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim the request if it is not a browser's."""
        match, child = super().matches(scope)
        return (match, child) if match is Match.NONE or not asks_for_page(_accept(scope)) else (Match.NONE, {})


class IfDocument(Route):
    """The document at the address of its page: for those who ask for it, and of local people only."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim the request if it is for a document of ours."""
        match, child = super().matches(scope)
        ours = match is not Match.NONE and "@" not in child["path_params"]["name"]
        return (match, child) if ours and asks_for_document(_accept(scope)) else (Match.NONE, {})


def _accept(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"accept")
