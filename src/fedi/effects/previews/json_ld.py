"""What a page says of itself as JSON-LD (https://schema.org/Article): only as much as a card shows. Never raises."""

from collections.abc import Iterator
from typing import Any

import msgspec

MOST_BYTES = 200_000
_KINDS = frozenset(
    {
        *("Article", "NewsArticle", "ReportageNewsArticle", "OpinionNewsArticle", "BlogPosting", "SocialMediaPosting"),
        *("TechArticle", "LiveBlogPosting", "VideoObject", "WebPage"),
    }
)


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of an article; what is missing is None, and none of it is checked yet."""

    title: object = None
    description: object = None
    language: object = None
    author_name: object = None
    author_url: object = None
    publisher: object = None
    published: object = None
    image: object = None


def read(text: str) -> Described | None:
    """Return what the first article in a script says; None if there is none, or the script is no JSON."""
    if len(text) > MOST_BYTES:
        return None
    try:
        found = next(_articles(msgspec.json.decode(text.encode("utf-8", "replace"))), None)
    except (msgspec.DecodeError, RecursionError):
        return None
    return None if found is None else _described(found)


def _articles(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the articles at the top, in a list there, or in its graph."""
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        graph = each.get("@graph")
        for item in [each, *(graph if isinstance(graph, list) else ())]:
            if isinstance(item, dict) and not _KINDS.isdisjoint(_texts(item.get("@type"))):
                yield item


def _described(article: dict[str, Any]) -> Described:
    author, publisher = _first(article.get("author")), _first(article.get("publisher"))
    image = _first(article.get("image"))
    return Described(
        title=article.get("headline") or article.get("name"),
        description=article.get("description"),
        language=article.get("inLanguage"),
        author_name=author.get("name") if isinstance(author, dict) else author,
        author_url=author.get("url") if isinstance(author, dict) else None,
        publisher=publisher.get("name") if isinstance(publisher, dict) else publisher,
        published=article.get("datePublished"),
        image=image.get("url") if isinstance(image, dict) else image,
    )


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _texts(value: Any) -> set[str]:
    return {each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)}
