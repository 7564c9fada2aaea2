"""Puts the pages together for the composition root."""

from starlette.routing import BaseRoute

from fedi.web import consent, sign_in
from fedi.web.pages import page, stylesheet
from fedi.web.parts import Parts


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the pages as Starlette routes. Some clients add a slash to `/oauth/authorize`."""
    return [
        page(parts, sign_in.PATH, sign_in.show_sign_in),
        page(parts, sign_in.PATH, sign_in.do_sign_in, ("POST",)),
        page(parts, "/auth/sign_out", sign_in.do_sign_out, ("POST", "DELETE")),
        *(page(parts, path, consent.show_consent) for path in (consent.PATH, consent.PATH + "/")),
        *(page(parts, path, consent.answer_consent, ("POST", "DELETE")) for path in (consent.PATH, consent.PATH + "/")),
        page(parts, consent.CODE_PATH, consent.show_code),
        stylesheet(),
    ]
