"""The door to machine translation: DeepL or LibreTranslate, whichever the settings name (as in Mastodon).

Both are given HTML and give it back; what they answer is as much to be distrusted as any stranger's.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.activitypub.vocabulary.uris import Uri
from fedi.errors import ClientError, PeerError
from fedi.services.http import HttpClient, Response
from fedi.settings import Settings

T = TypeVar("T")
Languages = Mapping[str, Sequence[str]]
"""Into which languages each is translated; `und` is what to do where the language is not known."""
UNKNOWN = "und"
SECONDS = 30.0
_DEEPL = {"free": "https://api-free.deepl.com", "pro": "https://api.deepl.com"}


class TranslationUnavailable(ClientError):
    """Service Unavailable"""

    status = 503


class Translated(msgspec.Struct, frozen=True, kw_only=True):
    """Texts in another language, in their order. `source` is the language that they were found to be in, or ""."""

    texts: tuple[str, ...]
    source: str
    provider: str


class Translator(Protocol):
    """A door to translation; its methods raise TranslationUnavailable."""

    async def languages(self) -> Languages:
        """Return into which languages each may be translated."""

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        """Return texts (HTML) in another language; `source` is theirs, or "" if nobody knows."""


class DeepL:
    """https://developers.deepl.com/docs/api-reference/translate"""

    def __init__(self, http: HttpClient, key: str, base: str) -> None:
        self._http = http
        self._base = base
        self._headers = {"Authorization": f"DeepL-Auth-Key {key}"}

    async def languages(self) -> Languages:
        """Return its languages; it takes English and Portuguese without saying whose."""
        sources = [UNKNOWN, *await self._offered("source")]
        targets = ["en", "pt", *await self._offered("target")]
        return {each: [target for target in dict.fromkeys(targets) if target != each] for each in sources}

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        """Return texts in another language."""
        form = [("text", text) for text in texts] + [("target_lang", target.upper()), ("tag_handling", "html")]
        form += [("source_lang", source.partition("-")[0].upper())] if source else []
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        url = uris.parse(f"{self._base}/v2/translate")
        answer = await _asked(self._http.post(url, urlencode(form).encode(), headers, deadline=SECONDS), quota=456)
        found = _read(answer, _DeepLAnswer).translations
        return Translated(
            texts=tuple(each.text for each in found),
            source=(found[0].detected_source_language or "").lower() if found else "",
            provider="DeepL.com",
        )

    async def _offered(self, kind: str) -> list[str]:
        url = uris.parse(f"{self._base}/v2/languages?type={kind}")
        own = self._headers

        def for_deepl_alone(target: Uri) -> Mapping[str, str]:
            return own if uris.same_origin(target, url) else {}

        answer = await _asked(self._http.fetch(url, accept="application/json", sign=for_deepl_alone), quota=456)
        return [_normal(each.language) for each in _read(answer, list[_DeepLLanguage])]


class LibreTranslate:
    """https://docs.libretranslate.com"""

    def __init__(self, http: HttpClient, key: str | None, base: str) -> None:
        self._http = http
        self._base = base.rstrip("/")
        self._key = key

    async def languages(self) -> Languages:
        """Return its languages."""
        url = uris.parse(f"{self._base}/languages")
        answer = await _asked(self._http.fetch(url, accept="application/json"), quota=403)
        offered = {each.code: [to for to in each.targets if to != each.code] for each in _read(answer, list[_Offered])}
        return {UNKNOWN: sorted({target for targets in offered.values() for target in targets}), **offered}

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        """Return texts in another language."""
        asked: dict[str, Any] = {"q": list(texts), "source": source or "auto", "target": target, "format": "html"}
        body = msgspec.json.encode(asked | ({"api_key": self._key} if self._key else {}))
        url = uris.parse(f"{self._base}/translate")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        answer = await _asked(self._http.post(url, body, headers, deadline=SECONDS), quota=403)
        found = _read(answer, _LibreAnswer)
        detected = found.detected[0].language if found.detected else ""
        return Translated(texts=tuple(found.translated), source=detected or source, provider="LibreTranslate")


def from_settings(settings: Settings, http: HttpClient) -> Translator | None:
    """Return the translator that the settings name; None if they name none."""
    if settings.deepl_api_key:
        return DeepL(http, settings.deepl_api_key, _DEEPL[settings.deepl_plan])
    if settings.libre_translate_endpoint:
        return LibreTranslate(http, settings.libre_translate_api_key, settings.libre_translate_endpoint)
    return None


class _DeepLText(msgspec.Struct):
    text: str
    detected_source_language: str | None = None


class _DeepLAnswer(msgspec.Struct):
    translations: list[_DeepLText]


class _DeepLLanguage(msgspec.Struct):
    language: str


class _Offered(msgspec.Struct):
    code: str
    targets: list[str] = []


class _Detected(msgspec.Struct):
    language: str


class _LibreAnswer(msgspec.Struct):
    translated: list[str] = msgspec.field(name="translatedText")
    detected: list[_Detected] = msgspec.field(name="detectedLanguage", default_factory=list)


async def _asked(asking: Awaitable[Response], quota: int) -> Response:
    """Return a good answer; `quota` is the status that says that no more may be asked."""
    try:
        answer = await asking
    except PeerError as error:
        raise TranslationUnavailable from error
    if answer.status == 429:
        raise TranslationUnavailable("There have been too many requests to the translation service recently.")
    if answer.status == quota:
        raise TranslationUnavailable("The server-wide usage quota for the translation service has been exceeded.")
    if not answer.ok:
        raise TranslationUnavailable
    return answer


def _read(answer: Response, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TranslationUnavailable from error


def _normal(language: str) -> str:
    """Return `en` for EN, `pt-BR` for PT-BR."""
    first, _, region = language.replace("_", "-").partition("-")
    return f"{first.lower()}-{region.upper()}" if region else first.lower()
