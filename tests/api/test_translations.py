"""Statuses in another language."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.services.translations import Translations
from fedi.services.translator import Languages, Translated, TranslationUnavailable
from tests.support.phone import Phone, phone, picture
from tests.support.schemas import assert_valid
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")


class Shouting:
    """Translates by shouting; it is as careless with HTML as others may be."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.broken = False

    async def languages(self) -> Languages:
        return {"und": ["de"], "en": ["de", "pt-BR"]}

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Translated:
        if self.broken:
            raise TranslationUnavailable
        self.asked.append(texts)
        said = tuple(f"{text.replace('hello', 'HELLO')}<script>1</script>" for text in texts)
        return Translated(texts=said, source="en", provider="Shouting")


@pytest.fixture
def shouting() -> Shouting:
    return Shouting()


@pytest.fixture
async def able(deps: Deps, shouting: Shouting) -> Deps:
    await deps.redis.flushdb()
    return msgspec.structs.replace(deps, translations=Translations(shouting, deps.redis))


async def say(someone: Phone, text: str, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = await someone.call("POST", "/api/v1/statuses", json={"status": text, **more})
    return said


async def test_all_of_a_status_is_translated(able: Deps, shouting: Shouting) -> None:
    ada = await phone(able, "ada")
    upload = await ada.call(
        "POST", "/api/v2/media", files={"file": ("a.png", picture(), "image/png")}, data={"description": "hello < 3"}
    )
    post = await say(ada, "hello all", spoiler_text="hello & co", language="en", media_ids=[upload["id"]])
    found = await ada.call("POST", f"/api/v1/statuses/{post['id']}/translate", json={"lang": "de-AT"})
    assert_valid(found, "Translation")
    assert found["content"] == "<p>HELLO all</p>"
    assert (found["spoiler_text"], found["language"]) == ("HELLO & co1", "de")
    assert found["media_attachments"] == [{"id": upload["id"], "description": "HELLO < 31"}]
    assert (found["detected_source_language"], found["provider"], found["poll"]) == ("en", "Shouting", None)
    assert await ada.call("POST", f"/api/v1/statuses/{post['id']}/translate", json={"lang": "de"}) == found
    assert len(shouting.asked) == 1


async def test_polls_and_boosts_are_translated(able: Deps) -> None:
    ada = await phone(able, "ada")
    poll = {"options": ["hello a", "b"], "expires_in": 3600}
    post = await say(ada, "hello?", language="en", poll=poll)
    found = await ada.call("POST", f"/api/v1/statuses/{post['id']}/translate?lang=pt-BR")
    assert_valid(found, "Translation")
    assert found["poll"] == {"id": post["poll"]["id"], "options": [{"title": "HELLO a1"}, {"title": "b1"}]}
    boost = await ada.call("POST", f"/api/v1/statuses/{post['id']}/reblog")
    again = await ada.call("POST", f"/api/v1/statuses/{boost['id']}/translate?lang=pt-BR")
    assert again["content"] == found["content"]


async def test_what_is_not_translated(able: Deps, shouting: Shouting) -> None:
    ada, bob = await phone(able, "ada"), await phone(able, "bob")
    private = await say(ada, "hello", language="en", visibility="private")
    await ada.call("POST", f"/api/v1/statuses/{private['id']}/translate?lang=de", 403)
    await bob.call("POST", f"/api/v1/statuses/{private['id']}/translate?lang=de", 404)
    await bob.call("POST", "/api/v1/statuses/1/translate?lang=de", 404)
    post = await say(ada, "hello", language="en")
    path = f"/api/v1/statuses/{post['id']}/translate"
    for language in ("en", "tlh", "pt"):
        await bob.call("POST", f"{path}?lang={language}", 403)
    await bob.call("POST", path, 422, json={"lang": {"de": 1}})
    await bob.call("POST", path, 422, json={"lang": "x" * 100})
    french = await say(ada, "bonjour", language="fr")
    await bob.call("POST", f"/api/v1/statuses/{french['id']}/translate?lang=de", 403)
    shouting.broken = True
    assert (await bob.call("POST", f"{path}?lang=de", 503))["error"] == "Service Unavailable"
    assert (await bob.http.post(path)).status_code == 401
    narrow = await phone(able, "eve", "read:lists")
    await narrow.call("POST", path, 403)
    assert shouting.asked == []


async def test_nobody_translates_without_settings(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    post = await say(ada, "hello", language="en")
    await ada.call("POST", f"/api/v1/statuses/{post['id']}/translate?lang=de", 404)
    http = client(routes(deps))
    assert (await http.get("/api/v1/instance/translation_languages")).json() == {}
    assert (await http.get("/api/v2/instance")).json()["configuration"]["translation"] == {"enabled": False}


async def test_the_instance_tells_what_is_translated(able: Deps) -> None:
    http = client(routes(able))
    offered = {"und": ["de"], "en": ["de", "pt-BR"]}
    assert (await http.get("/api/v1/instance/translation_languages")).json() == offered
    assert (await http.get("/api/v2/instance")).json()["configuration"]["translation"] == {"enabled": True}
