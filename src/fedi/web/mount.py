"""Puts the pages together for the composition root."""

from starlette.routing import BaseRoute

from fedi.web import (
    consent,
    credentials,
    deleting,
    deliveries,
    front,
    intents,
    interaction,
    manifest,
    moving,
    notices,
    own,
    password,
    profile,
    share,
    sign_in,
    sign_up,
    tags,
    transfers,
    two_factor,
)
from fedi.web import places as at
from fedi.web.guards import for_members, for_oneself
from fedi.web.pages import ICON, STYLESHEET, asset, page
from fedi.web.parts import Parts
from fedi.web.profile import IfPage, UnlessDocument


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the pages as Starlette routes. They stand before those of documents at the same addresses."""
    return [
        *_forms(parts),
        *_joining(parts),
        *_own(parts),
        *_reading(parts),
        asset(STYLESHEET, "text/css"),
        asset(ICON, "image/svg+xml"),
    ]


def _forms(parts: Parts) -> list[BaseRoute]:
    """Some clients add a slash to `/oauth/authorize`."""
    consents = (consent.PATH, consent.PATH + "/")
    return [
        page(parts, at.SIGN_IN, sign_in.show_sign_in),
        page(parts, at.SIGN_IN, sign_in.do_sign_in, ("POST",)),
        page(parts, "/auth/sign_out", sign_in.do_sign_out, ("POST", "DELETE")),
        *(page(parts, path, consent.show_consent) for path in consents),
        *(page(parts, path, consent.answer_consent, ("POST", "DELETE")) for path in consents),
        page(parts, consent.CODE_PATH, consent.show_code),
    ]


def _joining(parts: Parts) -> list[BaseRoute]:
    return [
        page(parts, at.SIGN_UP, sign_up.show_sign_up),
        page(parts, at.SIGN_UP, sign_up.do_sign_up, ("POST",)),
        page(parts, "/invite/{code}", sign_up.show_invite),
        page(parts, at.CONFIRM, sign_up.show_confirmation),
        page(parts, at.CONFIRM_AGAIN, sign_up.show_confirm_again),
        page(parts, at.CONFIRM_AGAIN, sign_up.do_confirm_again, ("POST",)),
        page(parts, at.FORGOTTEN, password.show_forgotten),
        page(parts, at.FORGOTTEN, password.do_forgotten, ("POST",)),
        page(parts, at.CHOOSE, password.show_choose),
        page(parts, at.CHOOSE, password.do_choose, ("POST",)),
        page(parts, "/.well-known/change-password", password.lead_to_change),
    ]


def _own(parts: Parts) -> list[BaseRoute]:
    return [
        page(parts, at.SETTINGS, for_oneself(own.show_settings)),
        page(parts, at.SETTINGS + "/sessions/{id}", for_oneself(own.end_session), ("POST", "DELETE")),
        page(parts, at.EDIT, for_oneself(credentials.show_edit)),
        page(parts, at.EDIT, for_oneself(credentials.do_edit), ("POST",)),
        page(parts, at.TWO_FACTOR, for_oneself(two_factor.show_two_factor)),
        page(parts, at.TWO_FACTOR, for_oneself(two_factor.do_two_factor), ("POST",)),
        page(parts, at.NOTICES, for_oneself(notices.show_notices)),
        page(parts, at.NOTICES, for_oneself(notices.do_notices), ("POST",)),
        page(parts, at.UNSUBSCRIBE, notices.show_unsubscribe),
        page(parts, at.UNSUBSCRIBE, notices.do_unsubscribe, ("POST",)),
        page(parts, at.MOVING, for_oneself(moving.show_moving)),
        page(parts, at.MOVING, for_oneself(moving.do_moving), ("POST",)),
        page(parts, at.EXPORTS, for_oneself(transfers.show_exports)),
        page(parts, at.EXPORTS + "/{kind}", for_oneself(transfers.send_export)),
        page(parts, at.IMPORTS, for_oneself(transfers.show_imports)),
        page(parts, at.IMPORTS, for_oneself(transfers.do_import), ("POST",)),
        page(parts, at.IMPORTS + "/{id}/failures", for_oneself(transfers.send_failures)),
        page(parts, at.DELETING, for_oneself(deleting.show_deleting)),
        page(parts, at.DELETING, for_oneself(deleting.do_deleting), ("POST",)),
        page(parts, at.DELIVERIES, for_oneself(deliveries.show_deliveries)),
        page(parts, at.DELIVERIES + "/{id}", for_oneself(deliveries.show_delivery)),
        page(parts, at.INTERACTION, for_oneself(interaction.show_interaction)),
        page(parts, at.INTERACTION, for_oneself(interaction.do_interaction), ("POST",)),
        page(parts, at.SHARE, for_oneself(share.show_share)),
        page(parts, at.SHARE, for_oneself(share.do_share), ("POST",)),
        page(parts, at.APPS, for_oneself(own.show_apps)),
        page(parts, at.APPS + "/{id}", for_oneself(own.end_app), ("POST", "DELETE")),
    ]


def _reading(parts: Parts) -> list[BaseRoute]:
    return [
        page(parts, "/", front.show_front),
        page(parts, "/about", front.show_front),
        page(parts, "/tags/{name}", for_members(tags.show_tag)),
        page(parts, "/manifest", manifest.show_manifest),
        page(parts, "/intent", intents.lead_to_intent),
        page(parts, "/.well-known/proxy", intents.lead_to_interaction),
        page(parts, "/@{name}", for_members(profile.show_profile), kind=UnlessDocument),
        page(parts, "/@{name}/{id}", for_members(profile.show_post), kind=UnlessDocument),
        page(parts, "/@{name}/{id}/embed", for_members(profile.show_embedded)),
        page(parts, "/users/{name}", profile.lead_to_profile, kind=IfPage),
        page(parts, "/users/{name}/statuses/{id}", profile.lead_to_post, kind=IfPage),
    ]
