"""Tells those who look after the server of reports and of new people, and other servers of what concerns them.

Who looks after the server is decided here, once, and said to the log: folds cannot know it.
"""

from collections.abc import Iterator, Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.events import Recorded, identity
from fedi.events.accounts import AccountCreated
from fedi.events.notifications import StaffNotified
from fedi.events.reports import ReportFiled
from fedi.facts.reports import AccountReported
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Jobs
from fedi.services.reports import ForwardReport
from fedi.views import reports


class Reports:
    """The effect. Its queue is that of the jobs, and the log."""

    name = "reports"

    def __init__(self, appender: Appender, jobs: Jobs) -> None:
        self._appender = appender
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Tell of what a batch holds."""
        news = [(said.recorded, each) for said in batch for each in _news(said)]
        if not news:
            return
        staff = await reports.staff(connection)
        for recorded, told in news:
            others = tuple(account for account in staff if account != told.about_account_id)
            if others:
                await self._tell(recorded, told, others)
        filed = [each.recorded.event.report_id for each in batch if isinstance(each.recorded.event, ReportFiled)]
        for report in (await reports.load(connection, filed)).values():
            for inbox in await reports.inboxes(connection, report):
                await self._jobs.put(ForwardReport(report_id=report.id, inbox=inbox), connection=connection)

    def acted(self) -> None:
        """Nothing waits for the cursor."""

    async def _tell(self, recorded: Recorded, told: StaffNotified, staff: tuple[int, ...]) -> None:
        event = StaffNotified(
            kind=told.kind, about_account_id=told.about_account_id, staff_ids=staff, report_id=told.report_id
        )
        own = identity.of_answer(f"{told.kind} {told.report_id}", recorded.identity)
        try:
            await self._appender.append([Draft(identity=own, event=event, cause=recorded.position)])
        except Conflict:
            return  # it was said before this process, or the one before it, was interrupted


def _news(said: Interpretation) -> Iterator[StaffNotified]:
    """Yield what an event has for the staff; nobody is named in it yet."""
    event = said.recorded.event
    if isinstance(event, AccountCreated):
        yield StaffNotified(kind="admin.sign_up", about_account_id=event.account_id, staff_ids=())
    for entry in said.entries:
        if isinstance(entry.fact, ReportFiled | AccountReported):
            yield StaffNotified(
                kind="admin.report",
                about_account_id=entry.fact.account_id,
                staff_ids=(),
                report_id=entry.fact.report_id,
            )
