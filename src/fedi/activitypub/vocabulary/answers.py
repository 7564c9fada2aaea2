"""What Accept and Reject have in common: they answer a Follow that was asked of their actor."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import actor_of, check_same, object_required
from fedi.activitypub.vocabulary.claims import Answered, Claim
from fedi.activitypub.vocabulary.values import Document


def read_answer(activity: Document, *, accepted: bool) -> tuple[Claim, ...]:
    """An embedded Follow must have been asked of the actor. Answers to anything else mean nothing here.

    Of a Follow that is only named, the one whose view knows it judges whether it was the actor's to answer.
    """
    actor = actor_of(activity)
    answered = values.first(activity.get("object"))
    if not isinstance(answered, dict) or not values.types(answered):
        return (Answered(accepted=accepted, object=object_required(activity)),)
    if "Follow" not in values.types(answered):
        return ()
    asked = values.id_of(answered.get("object")) or actor
    check_same(asked, actor)
    uri, asker = values.uri(answered.get("id")), values.id_of(answered.get("actor"))
    return (Answered(accepted=accepted, object=uri, asker=asker, asked=asked),) if uri or asker else ()
