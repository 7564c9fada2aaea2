"""Why something could not be learnt."""

from fedi.errors import PeerError


class NotLearnt(PeerError):
    """The other server's answer is not what was asked for."""

    status = 502
    reason = "not_learnt"


class Gone(NotLearnt):
    """What was asked for does not exist any more."""

    status = 410
    reason = "gone"


class NotForUs(NotLearnt):
    """This server does not ask itself what it has said."""

    status = 400
    reason = "local_uri"


class KeyRefused(NotLearnt):
    """The key that signed does not belong to an actor who says so."""

    status = 401
    reason = "key_not_owned"


class AskedTooOften(NotLearnt):
    """This was asked for a moment ago, in vain."""

    status = 503
    reason = "asked_too_often"
