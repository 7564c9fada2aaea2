"""What Accept and Reject have in common: they answer what was asked of their actor, a Follow, a QuoteRequest or a
FeatureRequest."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import actor_of, check_origin, check_same, object_required
from fedi.activitypub.vocabulary.claims import Answered, Claim, FeatureAnswered, QuoteAnswered
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import PUBLIC, normal_audience


def read_answer(activity: Document, *, accepted: bool) -> tuple[Claim, ...]:
    """An embedded Follow must have been asked of the actor. Answers to anything else mean nothing here.

    Of what is only named, the one whose view knows it judges whether it was the actor's to answer; and so whose post a
    QuoteRequest is about. A stamp must be of the actor's own origin.
    """
    actor = actor_of(activity)
    result = values.id_of(activity.get("result"))
    if result:
        check_origin(result, actor)
    answered = values.first(activity.get("object"))
    if not isinstance(answered, dict) or not values.types(answered):
        return (Answered(accepted=accepted, object=object_required(activity), result=result),)
    if "QuoteRequest" in values.types(answered):
        return (
            QuoteAnswered(
                accepted=accepted,
                request=values.uri(answered.get("id")),
                quoted=values.id_of(answered.get("object")),
                quote=values.id_of(answered.get("instrument")),
                stamp=result,
            ),
        )
    if "FeatureRequest" in values.types(answered):
        return (
            FeatureAnswered(
                accepted=accepted,
                request=values.uri(answered.get("id")),
                member=values.id_of(answered.get("object")),
                collection=values.id_of(answered.get("instrument")),
                asker=values.id_of(answered.get("actor")),
                stamp=result,
            ),
        )
    if "Follow" not in values.types(answered):
        return ()
    asked = values.id_of(answered.get("object")) or actor
    if normal_audience(asked) == (PUBLIC,):  # a relay was asked for the public, and answers for it
        return (Answered(accepted=accepted, object=values.uri(answered.get("id"))),)
    check_same(asked, actor)
    uri, asker = values.uri(answered.get("id")), values.id_of(answered.get("actor"))
    return (Answered(accepted=accepted, object=uri, asker=asker, asked=asked),) if uri or asker else ()
