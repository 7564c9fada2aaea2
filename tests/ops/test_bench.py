"""Every part of the bench works on a real server. What is measured here says nothing: it is far too little."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from ops.bench import append, growth, people, run
from ops.bench.marks import Mark, Scale, percentile
from ops.bench.running import Server, scratch, serving

TINY = Scale(runs=1, part=0.005)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with scratch() as data_dir, serving(data_dir) as running:
        yield running


@pytest.mark.parametrize(
    ("part", "unit"),
    [
        ("inbox", "POSTs/s"),
        ("delivery", "deliveries/s"),
        ("crowd-delivery", "deliveries/s"),
        ("crowd-home", "s"),
        ("home", "GETs/s"),
        ("reading", "GETs/s"),
        ("posting", "posts/s"),
        ("streaming", "ms"),
        ("public", "ms"),
    ],
)
def test_a_part_measures_a_running_server(server: Server, part: str, unit: str) -> None:
    marks = run.SERVED[part](server, TINY)
    assert marks[0].unit == unit
    assert all(mark.median > 0 for mark in marks)


def test_a_server_that_has_rested_makes_no_new_files_for_its_log(server: Server) -> None:
    people.rest(server)
    with psycopg.connect(server.database_url) as conn:
        ready = conn.execute("SELECT name FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_lsn())")
        assert len(ready.fetchall()) >= people.LOG_FILES - 2


@pytest.mark.parametrize(
    ("part", "unit"), [("machine", "signatures/s"), ("append", "events/s"), ("rebuild", "events/s"), ("start", "s")]
)
def test_a_part_measures_what_it_starts_itself(part: str, unit: str) -> None:
    marks = run.ALONE[part](Scale(runs=1, part=0.05))
    assert marks[0].unit == unit
    assert all(mark.median > 0 for mark in marks)


async def test_appends_are_counted_however_long_one_lasts(database_url: str) -> None:
    figures = await append.measure_once(database_url, 2, seconds=0.0)
    assert figures.p50 > 0
    assert figures.events_per_second > 0


def test_a_grown_server_is_asked_for_what_every_work_costs_and_kept_for_another_time() -> None:
    with scratch() as worlds:
        scale = Scale(runs=1, part=0.02, worlds=worlds)
        for _ in range(2):
            marks = growth.compare(scale, [1000])
            names = {mark.name.removesuffix(", 1,000 statuses") for mark in marks}
            assert {"home GET", "POST status", "inbox POST until visible", "bytes of log for a status"} <= names
            assert all(mark.median > 0 for mark in marks)
        (kept,) = worlds.iterdir()
        assert kept.name.startswith("1000-")


def test_what_was_measured_is_saved_as_text_and_as_json(tmp_path: Path) -> None:
    marks = [Mark(name="posts", unit="posts/s", runs=[250.0, 350.0, 310.0], goal=300.0, loader=0.25, note="said so")]
    where = run.where_and_what()
    text = run.save(run.table_of(marks, where), marks, where, tmp_path)
    assert "310 posts/s" in text.read_text()
    assert "250 to 350" in text.read_text()
    made = msgspec.json.decode(text.with_suffix(".json").read_bytes())
    assert "cores" in made["where"]
    (saved,) = made["marks"]
    assert saved["median"] == 310.0
    assert saved["runs"] == [250.0, 350.0, 310.0]


@pytest.mark.parametrize(
    ("unit", "median", "reached"), [("posts/s", 301.0, True), ("posts/s", 299.0, False), ("ms", 299.0, True)]
)
def test_rates_are_to_be_above_their_goal_and_times_below(unit: str, median: float, reached: bool) -> None:
    assert Mark(name="x", unit=unit, runs=[median], goal=300.0).reached is reached


def test_a_percentile_is_a_value_that_so_many_stay_under() -> None:
    assert percentile([float(number) for number in range(100)], 50) == 50.0
    assert percentile([float(number) for number in range(100)], 99) == 99.0
    assert percentile([7.0], 99) == 7.0
