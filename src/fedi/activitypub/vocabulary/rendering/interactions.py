"""Leave to favourite, answer or boost a post, as GoToSocial's interaction policies want it. Pure."""

from collections.abc import Mapping

from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.contexts import ACTIVITYSTREAMS, Json
from fedi.descriptions import Interaction

_CONTEXT = ["https://gotosocial.org/ns", ACTIVITYSTREAMS]
QUESTIONS: Mapping[Interaction, questions.Kind] = {
    "like": questions.Kind("LikeRequest", _CONTEXT, "like_requests"),
    "reply": questions.Kind("ReplyRequest", _CONTEXT, "reply_requests"),
    "boost": questions.Kind("AnnounceRequest", _CONTEXT, "announce_requests"),
}
_STAMPS: Mapping[Interaction, str] = {
    "like": "LikeAuthorization",
    "reply": "ReplyAuthorization",
    "boost": "AnnounceAuthorization",
}


def interaction_stamp(kind: Interaction, uri: str, author: str, instrument: str, post: str) -> Json:
    """The leave, as it is served to whoever wants to check it."""
    return {
        "@context": _CONTEXT,
        "id": uri,
        "type": _STAMPS[kind],
        "attributedTo": author,
        "interactingObject": instrument,
        "interactionTarget": post,
    }
