"""Questions to whoever must agree, and the answers: quotes (FEP-044f), places in collections (FEP-7aa9). Pure."""

from collections.abc import Sequence

import msgspec

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering.contexts import Json


class Kind(msgspec.Struct, frozen=True):
    """What leave is asked for: the question's type, the context of all that is said of it, and what ids are made of."""

    type: str
    context: Sequence[object]
    ids: str


def ask(kind: Kind, actor: str, asked: str, about: str, instrument: str | Json, number: int) -> Json:
    """May `instrument`, which is the actor's, do with `about` what the question is for?"""
    return {
        "@context": kind.context,
        "id": addresses.act(actor, kind.ids, number),
        "type": kind.type,
        "actor": actor,
        "object": about,
        "instrument": instrument,
        "to": [asked],
    }


def embedded(kind: Kind, request: str, asker: str, about: str, instrument: str) -> Json:
    """Return a question as its answer embeds it."""
    asked: Json = {"type": kind.type, "actor": asker, "object": about, "instrument": instrument}
    return {"id": request, **asked} if request else asked


def accept(kind: Kind, actor: str, asker: str, request: Json, stamp: str, number: int) -> Json:
    """Yes, with the stamp that proves it to everybody."""
    answer = _answer("Accept", kind, actor, asker, request, addresses.act(actor, f"accepts/{kind.ids}", number))
    return {**answer, "result": stamp}


def reject(kind: Kind, actor: str, asker: str, request: Json, number: int) -> Json:
    """No."""
    return _answer("Reject", kind, actor, asker, request, addresses.act(actor, f"rejects/{kind.ids}", number))


def _answer(answer: str, kind: Kind, actor: str, asker: str, request: Json, uri: str) -> Json:
    return {"@context": kind.context, "id": uri, "type": answer, "actor": actor, "object": request, "to": [asker]}
