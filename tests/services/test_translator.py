"""What translators are asked, and what becomes of their answers; they are spoken to over a real socket."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
from redis.asyncio import Redis

from fedi.services.http import HttpClient, open_client
from fedi.services.translations import Translations
from fedi.services.translator import DeepL, LibreTranslate, TranslationUnavailable, Translator, from_settings
from fedi.settings import LOOPBACK, Settings
from tests.support.fake_remote import Answer, FakeRemote


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = open_client(private=LOOPBACK, user_agent="test")
    yield client
    await client.close()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


def says(value: Any) -> Answer:
    return Answer(body=msgspec.json.encode(value), headers={"Content-Type": "application/json"})


async def test_deepl(there: FakeRemote, http: HttpClient) -> None:
    deepl = DeepL(http, "secret", there.url(""))
    there.answer("/v2/languages", says([{"language": "EN"}, {"language": "DE"}, {"language": "PT-BR"}]))
    languages = await deepl.languages()
    assert languages["de"] == ["en", "pt", "pt-BR"]
    assert languages["und"] == ["en", "pt", "de", "pt-BR"]
    there.answer("/v2/translate", says({"translations": [{"text": "<p>Hallo</p>", "detected_source_language": "EN"}]}))
    found = await deepl.translate(["<p>Hello</p>"], "en-GB", "de")
    assert (found.texts, found.source, found.provider) == (("<p>Hallo</p>",), "en", "DeepL.com")
    asked = there.received[-1]
    form = parse_qs(asked.body.decode())
    assert form == {"text": ["<p>Hello</p>"], "target_lang": ["DE"], "source_lang": ["EN"], "tag_handling": ["html"]}
    assert all(each.headers["authorization"] == "DeepL-Auth-Key secret" for each in there.received)


async def test_libretranslate(there: FakeRemote, http: HttpClient) -> None:
    libre = LibreTranslate(http, "key", there.url("/"))
    offered = [{"code": "en", "name": "English", "targets": ["de", "en"]}, {"code": "de", "targets": ["en"]}]
    there.answer("/languages", says(offered))
    assert await libre.languages() == {"und": ["de", "en"], "en": ["de"], "de": ["en"]}
    detected = [{"language": "en", "confidence": 90}, {"language": "fr", "confidence": 9}]
    there.answer("/translate", says({"translatedText": ["Hallo", "Welt"], "detectedLanguage": detected}))
    found = await libre.translate(["Hello", "World"], "", "de")
    assert (found.texts, found.source, found.provider) == (("Hallo", "Welt"), "en", "LibreTranslate")
    assert msgspec.json.decode(there.received[-1].body) == {
        "q": ["Hello", "World"], "source": "auto", "target": "de", "format": "html", "api_key": "key",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=429), "too many requests"),
        (Answer(status=456), "usage quota"),
        (Answer(status=403), "Service Unavailable"),
        (Answer(status=302, headers={"Location": "/elsewhere"}), "Service Unavailable"),
        (says({"translations": 7}), "Service Unavailable"),
        (Answer(body=b"[" * 100_000), "Service Unavailable"),
    ],
)
async def test_what_goes_wrong_is_told(there: FakeRemote, http: HttpClient, answer: Answer, words: str) -> None:
    there.answer("/v2/translate", answer)
    with pytest.raises(TranslationUnavailable, match=words) as raised:
        await DeepL(http, "secret", there.url("")).translate(["x"], "en", "de")
    assert raised.value.status == 503


async def test_a_quota_of_libretranslate_is_told(there: FakeRemote, http: HttpClient) -> None:
    there.answer("/translate", Answer(status=403))
    with pytest.raises(TranslationUnavailable, match="usage quota"):
        await LibreTranslate(http, None, there.url("")).translate(["x"], "en", "de")


async def test_s_056_a_private_translator_must_be_allowed(there: FakeRemote) -> None:
    guarded = open_client(private=(), user_agent="test")
    with pytest.raises(TranslationUnavailable):
        await LibreTranslate(guarded, None, there.url("")).languages()
    await guarded.close()
    assert there.received == []


async def test_the_same_is_asked_once(there: FakeRemote, http: HttpClient, redis: Redis) -> None:
    translations = Translations(LibreTranslate(http, None, there.url("")), redis)
    there.answer("/translate", says({"translatedText": ["Hallo"]}))
    first = await translations.translate(1, ["", "Hello"], "en", "de")
    assert first.texts == ("", "Hallo")
    assert await translations.translate(1, ["Hello", " "], "en", "de") == msgspec.structs.replace(
        first, texts=("Hallo", " ")
    )
    assert len(there.received) == 1
    assert (await translations.translate(1, [""], "en", "de")).texts == ("",)
    await translations.translate(1, ["Hello"], "en", "fr")
    assert len(there.received) == 2
    there.answer("/translate", says({"translatedText": []}))
    with pytest.raises(TranslationUnavailable):
        await translations.translate(1, ["Bye"], "en", "de")


def test_the_settings_choose(http: HttpClient) -> None:
    def chosen(**settings: Any) -> Translator | None:
        return from_settings(Settings(**settings), http)

    assert chosen() is None
    assert isinstance(chosen(deepl_api_key="x", libre_translate_endpoint="https://x.example"), DeepL)
    assert isinstance(chosen(libre_translate_endpoint="https://x.example"), LibreTranslate)
