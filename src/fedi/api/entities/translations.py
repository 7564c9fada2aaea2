"""Statuses in another language, as clients see them."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

import msgspec

from fedi.activitypub.vocabulary import html
from fedi.api.entities.statuses import Status
from fedi.services.translator import Translated

_KEPT = re.compile(r'<span translate="?no"?>(:\w{1,100}:)</span>')


class TitleOnly(msgspec.Struct, frozen=True, kw_only=True):
    title: str


class TranslationPoll(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    options: list[TitleOnly]


class TranslationAttachment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    description: str | None


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    detected_source_language: str
    language: str
    provider: str
    spoiler_text: str
    content: str
    poll: TranslationPoll | None
    media_attachments: list[TranslationAttachment]


def texts(shown: Status) -> list[str]:
    """Return what there is to translate in a status, as HTML in which emoji are to be left alone."""
    content = shown.content if isinstance(shown.content, str) else ""
    plain = [
        shown.spoiler_text,
        *(option.title for option in (shown.poll.options if shown.poll else ())),
        *(media.description for media in shown.media_attachments if media.description),
    ]
    keep = _keeper([emoji.shortcode for emoji in shown.emojis])
    return [keep(content), *(keep(escape(text, quote=False)) for text in plain)]


def translation(shown: Status, found: Translated, target: str) -> Translation:
    """Return a status in another language; `found` holds what `texts` gave, in the same order."""
    content, *others = (_KEPT.sub(r"\1", text) for text in found.texts)
    plain = iter([html.to_text(text) for text in others])
    return Translation(
        detected_source_language=found.source or shown.language or "",
        language=target,
        provider=found.provider,
        content=html.clean(content),
        spoiler_text=next(plain),
        poll=_poll(shown, plain) if shown.poll else None,
        media_attachments=[
            TranslationAttachment(id=media.id, description=next(plain))
            for media in shown.media_attachments
            if media.description
        ],
    )


def _poll(shown: Status, plain: Iterator[str]) -> TranslationPoll | None:
    if shown.poll is None:
        return None
    return TranslationPoll(id=shown.poll.id, options=[TitleOnly(title=next(plain)) for _ in shown.poll.options])


def _keeper(shortcodes: Sequence[str]) -> Callable[[str], str]:
    """Return what marks emoji as nothing to translate."""
    if not shortcodes:
        return lambda text: text
    named = re.compile("|".join(f":{re.escape(each)}:" for each in sorted(shortcodes)))
    return lambda text: named.sub(r'<span translate="no">\g<0></span>', text)
