"""Puts the pages together for the composition root."""

from starlette.routing import BaseRoute

from fedi.web import consent, front, profile, sign_in
from fedi.web.pages import ICON, STYLESHEET, asset, page
from fedi.web.parts import Parts
from fedi.web.profile import IfPage, UnlessDocument


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the pages as Starlette routes. They stand before those of documents at the same addresses."""
    return [*_forms(parts), *_reading(parts), asset(STYLESHEET, "text/css"), asset(ICON, "image/svg+xml")]


def _forms(parts: Parts) -> list[BaseRoute]:
    """Some clients add a slash to `/oauth/authorize`."""
    consents = (consent.PATH, consent.PATH + "/")
    return [
        page(parts, sign_in.PATH, sign_in.show_sign_in),
        page(parts, sign_in.PATH, sign_in.do_sign_in, ("POST",)),
        page(parts, "/auth/sign_out", sign_in.do_sign_out, ("POST", "DELETE")),
        *(page(parts, path, consent.show_consent) for path in consents),
        *(page(parts, path, consent.answer_consent, ("POST", "DELETE")) for path in consents),
        page(parts, consent.CODE_PATH, consent.show_code),
    ]


def _reading(parts: Parts) -> list[BaseRoute]:
    return [
        page(parts, "/", front.show_front),
        page(parts, "/about", front.show_front),
        page(parts, "/@{name}", profile.show_profile, kind=UnlessDocument),
        page(parts, "/@{name}/{id}", profile.show_post, kind=UnlessDocument),
        page(parts, "/@{name}/{id}/embed", profile.show_embedded),
        page(parts, "/users/{name}", profile.lead_to_profile, kind=IfPage),
        page(parts, "/users/{name}/statuses/{id}", profile.lead_to_post, kind=IfPage),
    ]
