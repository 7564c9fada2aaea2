"""What clients are told when a stream cannot be had: Mastodon's texts and statuses, not those of its REST API."""

from fedi.errors import ClientError


class StreamError(ClientError):
    """Unknown channel requested"""

    status = 400


class TokenMissing(StreamError):
    """Missing access token"""

    status = 401


class TokenInvalid(StreamError):
    """Invalid access token"""

    status = 401


class OutOfScope(StreamError):
    """Access token does not have the required scopes"""

    status = 401


class NotYourList(StreamError):
    """Not authorized to stream this list"""

    status = 401


class Unexpected(StreamError):
    """An unexpected error occurred"""

    status = 500
