"""Addresses of pages that lead to each other."""

from urllib.parse import urlencode

SIGN_IN = "/auth/sign_in"
SIGN_UP = "/auth/sign_up"
FORGOTTEN = "/auth/password/new"
CHOOSE = "/auth/password/edit"
CONFIRM = "/auth/confirmation"
CONFIRM_AGAIN = "/auth/confirmation/new"
EDIT = "/auth/edit"
SETTINGS = "/settings"
NOTICES = "/settings/notifications"
UNSUBSCRIBE = "/unsubscribe"
MOVING = "/settings/migration"
EXPORTS = "/settings/exports"
IMPORTS = "/settings/imports"
DELETING = "/settings/delete"
DELIVERIES = "/settings/deliveries"
TWO_FACTOR = "/settings/two_factor"
APPS = "/oauth/authorized_applications"
INTERACTION = "/authorize_interaction"
SHARE = "/share"


def interaction_address(uri: str) -> str:
    """Return the address of the page on which people here deal with somebody or something elsewhere."""
    return f"{INTERACTION}?{urlencode({'uri': uri})}"


def sign_in_address(onwards: str) -> str:
    """Return the address of the sign-in page that leads on to a path of ours afterwards."""
    return f"{SIGN_IN}?{urlencode({'next': onwards})}"
