"""Translations as they were once made: kept in Redis for a day, by their post and what they are made of."""

import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi.services.translator import Languages, Translated, TranslationUnavailable, Translator

T = TypeVar("T")
LIFE = 86_400
"""Seconds for which texts and the list of languages are kept."""
MANY = 1_000
"""Keys that Redis is asked to forget in one go."""


class Translations:
    """A translator that is not asked for the same twice a day. Without Redis it is asked each time."""

    def __init__(self, translator: Translator, redis: Redis) -> None:
        self._translator = translator
        self._redis = redis

    async def languages(self) -> Languages:
        """Return into which languages each is translated. Raises TranslationUnavailable."""
        return await self._kept("fedi:translation:languages", "all", dict[str, list[str]], self._translator.languages)

    async def translate(self, status_id: int, texts: Sequence[str], source: str, target: str) -> Translated:
        """Return texts (HTML) of a post in another language; empty ones stay empty. Raises TranslationUnavailable."""
        said = [text for text in texts if text.strip()]
        if not said:
            return Translated(texts=tuple(texts), source=source, provider="")
        digest = hashlib.sha256(msgspec.json.encode([source, target, said])).hexdigest()

        async def ask() -> Translated:
            found = await self._translator.translate(said, source, target)
            if len(found.texts) != len(said):
                raise TranslationUnavailable
            return found

        found = await self._kept(_key(status_id), digest, Translated, ask)
        translated = iter(found.texts)
        whole = tuple(next(translated) if text.strip() else text for text in texts)
        return msgspec.structs.replace(found, texts=whole)

    async def _kept(self, key: str, field: str, kind: type[T], ask: Callable[[], Awaitable[T]]) -> T:
        try:
            kept = await self._redis.hget(key, field)
            if kept is not None:
                return msgspec.json.decode(kept, type=kind)
        except (RedisError, ValueError):
            return await ask()
        found = await ask()
        try:
            await self._redis.hset(key, field, msgspec.json.encode(found))
            await self._redis.expire(key, LIFE)
        except RedisError:
            return found
        return found


async def forget_translations(redis: Redis, status_ids: Sequence[int]) -> None:
    """Forget how posts that are gone were translated. While Redis is away they stay, for a day at most."""
    with contextlib.suppress(RedisError):
        for start in range(0, len(status_ids), MANY):
            await redis.delete(*map(_key, status_ids[start : start + MANY]))


def _key(status_id: int) -> str:
    return f"fedi:translation:{status_id}"
