"""Annual reports: asked for, counted by a job, shown, and read."""

from datetime import UTC, datetime

import pytest

from fedi.api.deps import Deps
from fedi.effects.jobs.annual_reports import make
from fedi.services.annual_reports import MakeAnnualReport
from fedi.services.http import open_client
from fedi.views import annual_reports
from fedi.views.annual_reports import FEW, Types
from tests.support.acting import deps_beside
from tests.support.phone import at, phone
from tests.support.schemas import assert_valid

pytestmark = pytest.mark.usefixtures("projector")
THIS_YEAR = datetime.now(UTC).year


async def test_a_year_is_counted_shown_and_read(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    first = await ada.call("POST", "/api/v1/statuses", json={"status": "a #cat"})
    await ada.call("POST", "/api/v1/statuses", json={"status": "another #Cat"})
    answer = await bob.call("POST", "/api/v1/statuses", json={"status": f"{at(ada)} hm", "in_reply_to_id": first["id"]})
    await ada.call("POST", "/api/v1/statuses", json={"status": f"{at(bob)} hm", "in_reply_to_id": answer["id"]})
    await bob.call("POST", f"/api/v1/accounts/{ada.owner.id}/follow")
    await bob.call("POST", f"/api/v1/statuses/{first['id']}/favourite")
    http = open_client(private=(), user_agent="fedi tests")
    worker = await deps_beside(deps, http)
    for _ in range(2):
        await make.do(MakeAnnualReport(account_id=ada.owner.id, year=THIS_YEAR), worker)
    await http.close()
    (unread,) = (await ada.call("GET", "/api/v1/annual_reports"))["annual_reports"]
    whole = await ada.call("GET", f"/api/v1/annual_reports/{THIS_YEAR}")
    assert_valid(whole, "AnnualReports")
    assert whole["annual_reports"] == [unread]
    data = unread["data"]
    assert sum(month["statuses"] for month in data["time_series"]) == data["type_distribution"]["total"] == 3
    assert sum(month["followers"] for month in data["time_series"]) == 1
    assert (data["archetype"], data["top_hashtags"]) == ("lurker", [{"name": "cat", "count": 2}])
    assert data["top_statuses"] == {"by_reblogs": None, "by_favourites": first["id"], "by_replies": first["id"]}
    assert data["commonly_interacted_with_accounts"] == [{"account_id": str(bob.owner.id), "count": 1}]
    assert [each["id"] for each in whole["statuses"]] == [first["id"]]
    assert {each["id"] for each in whole["accounts"]} == {str(ada.owner.id), str(bob.owner.id)}
    assert await ada.call("GET", f"/api/v1/annual_reports/{THIS_YEAR}/state") == {"state": "available"}
    await bob.call("GET", f"/api/v1/annual_reports/{THIS_YEAR}", 404)
    await bob.call("POST", f"/api/v1/annual_reports/{THIS_YEAR}/read", 404)
    assert await ada.call("POST", f"/api/v1/annual_reports/{THIS_YEAR}/read") == {}
    assert (await ada.call("GET", "/api/v1/annual_reports"))["annual_reports"] == []
    await ada.call("POST", "/api/v1/statuses", json={"status": "and on"})  # what was said before is folded by then
    (told,) = await ada.call("GET", "/api/v1/notifications", params={"types[]": "annual_report"})
    assert_valid(told, "Notification")
    assert told["account"]["id"] == str(ada.owner.id)
    grouped = await ada.call("GET", "/api/v2/notifications", params={"types[]": "annual_report"})
    assert_valid(grouped, "GroupedNotificationsResults")
    assert grouped["notification_groups"][0]["annual_report"] == {"year": str(THIS_YEAR)}


async def test_only_years_with_posts_have_reports(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    path = "/api/v1/annual_reports"
    for year in (2000, THIS_YEAR - 1, THIS_YEAR + 1, 99_999_999_999):
        assert await ada.call("GET", f"{path}/{year}/state") == {"state": "ineligible"}
        await ada.call("POST", f"{path}/{year}/generate", 422)
        await ada.call("GET", f"{path}/{year}", 404)
    old = "UPDATE read.statuses SET created_at = created_at - interval '1 year' WHERE account_id = %s"
    await ada.call("POST", "/api/v1/statuses", json={"status": "long ago"})
    async with deps.pool.connection() as connection:
        await connection.execute(old, [ada.owner.id])
    last = f"{path}/{THIS_YEAR - 1}"
    assert await ada.call("GET", f"{last}/state") == {"state": "eligible"}
    assert await ada.call("POST", f"{last}/generate") == {}
    assert await ada.call("GET", f"{last}/state") == {"state": "generating"}
    assert await ada.call("POST", f"{last}/generate") == {}
    narrow = await phone(deps, "eve", "read:accounts")
    await narrow.call("POST", f"{last}/generate", 403)
    assert (await ada.http.get(path)).status_code == 401


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((FEW - 1, 0, 0, FEW, 0), "lurker"),
        ((300, 201, 0, 99, 0), "booster"),
        ((300, 0, 0, 200, 30), "pollster"),
        ((300, 0, 210, 90, 0), "replier"),
        ((300, 50, 50, 200, 0), "oracle"),
    ],
)
def test_what_somebody_was_like(kinds: tuple[int, int, int, int, int], expected: str) -> None:
    total, reblogs, replies, standalone, polls = kinds
    made = Types(total=total, reblogs=reblogs, replies=replies, standalone=standalone, polls=polls)
    assert annual_reports.archetype(made) == expected
