"""Annual reports (https://docs.joinmastodon.org/methods/annual_reports/): what somebody's year was like."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from fedi.api.entities.accounts import Account, account
from fedi.api.entities.statuses import Status
from fedi.api.reading import entities, reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import ClientError, NotFoundError
from fedi.registry import annual_reports as registry
from fedi.registry.annual_reports import KeptReport
from fedi.registry.rows import Connection
from fedi.services.annual_reports import MakeAnnualReport
from fedi.views import accounts, annual_reports, statuses
from fedi.views.annual_reports import SCHEMA_VERSION, Year

FIRST_YEAR = 2016
READY = (12, 10)
"""Month and day from which a year may be looked back at."""

State = Literal["available", "generating", "eligible", "ineligible"]


class OneYear(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    year: int
    data: dict[str, Any]
    schema_version: int = SCHEMA_VERSION
    share_url: str | None = None
    account_id: str


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    annual_reports: list[Report]
    accounts: list[Account]
    statuses: list[Status]


@route("GET", "/api/v1/annual_reports", scope="read:accounts", auth="user")
async def get_annual_reports(request: ApiRequest) -> Reports:
    """The reports that the asker has not read."""
    async with reading(request) as connection:
        return await _shown(request, connection, await registry.unread(connection, request.account_id))


@route("GET", "/api/v1/annual_reports/:id", scope="read:accounts", auth="user")
async def get_annual_report(request: ApiRequest, params: OneYear) -> Reports:
    """The report of a year."""
    async with reading(request) as connection:
        found = await registry.of_year(connection, request.account_id, params.id) if _may_be(params.id) else []
        if not found:
            raise NotFoundError
        return await _shown(request, connection, found)


@route("GET", "/api/v1/annual_reports/:id/state", scope="read:accounts", auth="user")
async def get_state(request: ApiRequest, params: OneYear) -> dict[str, State]:
    """Whether there is a report of a year, or can be."""
    async with reading(request) as connection:
        return {"state": await _state(request, connection, params.id)}


@route("POST", "/api/v1/annual_reports/:id/generate", scope="write:accounts", auth="user")
async def generate(request: ApiRequest, params: OneYear) -> dict[str, object]:
    """Have the report of a year made, if there is none."""
    async with reading(request) as connection:
        state = await _state(request, connection, params.id)
    if state == "ineligible":
        raise ClientError("There is no report of this year")
    if state == "eligible":
        wanted = MakeAnnualReport(account_id=request.account_id, year=params.id)
        await request.deps.commands.jobs.put(wanted, once=wanted.key)
    return {}


@route("POST", "/api/v1/annual_reports/:id/read", scope="write:accounts", auth="user")
async def read(request: ApiRequest, params: OneYear) -> dict[str, object]:
    """Say that one has read the report of a year."""
    async with request.deps.pool.connection() as connection:
        if not _may_be(params.id) or not await registry.read(connection, request.account_id, params.id):
            raise NotFoundError
    return {}


async def _state(request: ApiRequest, connection: Connection, year: int) -> State:
    if not _may_be(year):
        return "ineligible"
    if await registry.of_year(connection, request.account_id, year):
        return "available"
    if await registry.is_waiting(connection, request.account_id, year):
        return "generating"
    if not _is_over(year, request.deps.clock()):
        return "ineligible"
    posted = (await annual_reports.types(connection, request.account_id, year)).total
    return "eligible" if posted else "ineligible"


def _may_be(year: int) -> bool:
    return FIRST_YEAR <= year < 10_000


def _is_over(year: int, now: datetime) -> bool:
    return year < now.year or (year == now.year and (now.month, now.day) >= READY)


async def _shown(request: ApiRequest, connection: Connection, kept: list[KeptReport]) -> Reports:
    years = [(each.year, msgspec.json.decode(each.data, type=Year)) for each in kept]
    people = {each.account_id for _, year in years for each in year.commonly_interacted_with_accounts}
    named = {each for _, year in years for each in msgspec.structs.astuple(year.top_statuses) if each is not None}
    rows = await accounts.in_order(connection, sorted({*people, request.account_id}))
    posts = await statuses.load_visible(connection, sorted(named), request.account_id)
    return Reports(
        annual_reports=[
            Report(year=number, data=_as_strings(year), account_id=str(request.account_id)) for number, year in years
        ],
        accounts=[account(row, request.deps.site) for row in rows],
        statuses=await entities(request, connection, posts),
    )


def _as_strings(year: Year) -> dict[str, Any]:
    """Return a year as JSON, where ids are strings."""
    data: dict[str, Any] = msgspec.to_builtins(year)
    data["top_statuses"] = {name: value and str(value) for name, value in data["top_statuses"].items()}
    for each in data["commonly_interacted_with_accounts"]:
        each["account_id"] = str(each["account_id"])
    return data
