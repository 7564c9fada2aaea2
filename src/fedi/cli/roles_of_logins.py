"""The roles that a login may have, as the command line names them."""

import enum


class Role(enum.StrEnum):
    """What a login may do beyond its own account."""

    ADMIN = "admin"
    MODERATOR = "moderator"
    USER = "user"
