"""The three kinds of fault: a peer's, a client's, and ours.

A peer's or a client's fault carries an HTTP status and a text that is safe to show; ours carries the truth for the log
and shows nothing. The docstring of an error class is its default message.
"""

import errno


class FediError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class PeerError(FediError):
    """The remote server's request or document was refused."""

    status: int = 400
    reason: str = "refused"
    """Short and constant: the label under which refusals are counted."""

    def __init__(self, message: str | None = None, *, status: int | None = None, reason: str | None = None) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status
        if reason is not None:
            self.reason = reason


class ClientError(FediError):
    """The request could not be carried out."""

    status: int = 422

    def __init__(self, message: str | None = None, *, status: int | None = None) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status


class NotFoundError(ClientError):
    """Record not found"""

    status = 404


class NotAllowedError(ClientError):
    """This action is not allowed"""

    status = 403


class Unavailable(FediError):
    """The server cannot do this at the moment; the same request may succeed later."""

    retry_after: int = 5
    """Seconds a caller should wait before trying again."""


class ConfigurationError(FediError):
    """The server's settings do not allow it to start."""


def is_full(error: BaseException) -> bool:
    """Tell whether something could not be written because a disk, or our share of it, has no room left."""
    return getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
