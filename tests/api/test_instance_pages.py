"""What there is to read about the server."""

from datetime import date

import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.commands import pages
from fedi.commands.context import note
from fedi.errors import ClientError
from tests.support.phone import phone
from tests.support.schemas import assert_valid
from tests.support.web import client

pytestmark = pytest.mark.usefixtures("projector")


async def publish(deps: Deps, page: str, content: str, day: date | None = None) -> None:
    position = await note(deps.commands, pages.written(page, content, day))
    await deps.written.note(1, position)


async def test_the_staff_writes_pages_and_takes_them_away(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    assert await ada.call("GET", "/api/v1/instance/rules") == []
    await publish(deps, "rules", "Be kind.\n\nWrite <b>little</b>.\n")
    found = await ada.call("GET", "/api/v1/instance/rules")
    assert [(each["id"], each["text"]) for each in found] == [("1", "Be kind."), ("2", "Write <b>little</b>.")]
    assert (await ada.call("GET", "/api/v2/instance"))["rules"] == found
    await publish(deps, "privacy_policy", "<p onclick=x>We keep <script>bad()</script>little</p>")
    policy = await ada.call("GET", "/api/v1/instance/privacy_policy")
    assert_valid(policy, "PrivacyPolicy")
    assert policy["content"] == "<p>We keep little</p>"
    await publish(deps, "extended_description", "one & two\n\nthree")
    described = await ada.call("GET", "/api/v1/instance/extended_description")
    assert described["content"] == "<p>one &amp; two</p><p>three</p>"
    await publish(deps, "rules", "")
    await publish(deps, "privacy_policy", "")
    assert await ada.call("GET", "/api/v1/instance/rules") == []
    assert_valid(await ada.call("GET", "/api/v1/instance/privacy_policy"), "PrivacyPolicy")


async def test_terms_are_of_a_day(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await ada.call("GET", "/api/v1/instance/terms_of_service", 404)
    await publish(deps, "terms_of_service", "old", date(2020, 1, 1))
    await publish(deps, "terms_of_service", "new", date(2999, 1, 1))
    terms = await ada.call("GET", "/api/v1/instance/terms_of_service")
    assert_valid(terms, "TermsOfService")
    assert (terms["content"], terms["effective"], terms["succeeded_by"]) == ("<p>old</p>", True, "2999-01-01")
    coming = await ada.call("GET", "/api/v1/instance/terms_of_service/2999-01-01")
    assert (coming["effective"], coming["succeeded_by"]) == (False, None)
    await ada.call("GET", "/api/v1/instance/terms_of_service/2021-01-01", 404)
    with pytest.raises(ClientError):
        pages.written("terms_of_service", "x", None)
    with pytest.raises(ClientError):
        pages.written("rules", "x" * 600_000, None)
    with pytest.raises(ClientError):
        pages.written("imprint", "x", None)


async def test_numbers_languages_and_servers(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    await ada.call("POST", "/api/v1/statuses", json={"status": "counted"})
    weeks = await ada.call("GET", "/api/v1/instance/activity")
    assert len(weeks) == 12
    for week in weeks:
        assert_valid(week, "InstanceActivity")
    assert int(weeks[0]["statuses"]) > 0 < int(weeks[0]["logins"])
    languages = await ada.call("GET", "/api/v1/instance/languages")
    assert {"code": "de", "name": "German"} in languages
    assert len({each["code"] for each in languages}) == len(languages) > 150
    assert await ada.call("GET", "/api/v1/instance/peers") == await ada.call("GET", "/api/v1/instance/peers")
    assert await ada.call("GET", "/api/v1/peers/search?q=%25") == []
    assert await ada.call("GET", "/api/v1/instance/domain_blocks") == []
    await ada.call("GET", "/api/proofs", 410)


async def test_nobody_collects_here(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    assert (await ada.http.get("/api/v1/donation_campaigns", headers=ada.headers)).status_code == 204
    assert (await client(routes(deps)).get("/api/v1/donation_campaigns")).status_code == 401
