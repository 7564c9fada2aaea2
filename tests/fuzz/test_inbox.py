"""Whatever bytes come, signed or found: accepted, ignored or refused, and what is accepted can be folded."""

import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.gauntlet import Gauntlet, seeds
from tests.support.one_key import KNOWN
from tests.support.twisting import twist

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))
SEEDS = dict(seeds())
RELAXED = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def gauntlet(database_url: str) -> Iterator[Gauntlet]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield Gauntlet(connection)


def test_most_of_what_is_honest_is_taken_in(gauntlet: Gauntlet) -> None:
    answers = [gauntlet.post(body) for body in SEEDS.values()]
    assert answers.count(202) > 0.75 * len(answers)
    assert [gauntlet.find(body) for body in SEEDS.values()].count("kept") > 0.5 * len(SEEDS)


def test_what_once_led_somewhere_new_breaks_nothing(gauntlet: Gauntlet) -> None:
    assert len(CORPUS) > 50
    for path in CORPUS:
        gauntlet.run(path.read_bytes())


@RELAXED
@given(name=st.sampled_from(sorted(SEEDS)), seed=st.integers(0, 2**64))
def test_documents_that_were_twisted(gauntlet: Gauntlet, name: str, seed: int) -> None:
    body = SEEDS[name]
    for turn in range(random.Random(seed).randint(1, 3)):
        body = twist(body, seed + turn)
    gauntlet.run(body)


@RELAXED
@given(name=st.sampled_from(sorted(SEEDS)), data=st.data())
def test_bytes_that_were_cut_and_mended(gauntlet: Gauntlet, name: str, data: st.DataObject) -> None:
    body = SEEDS[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 20)))
    mended = body[:start] + data.draw(st.binary(max_size=12)) + body[end:]
    assert gauntlet.post(mended) in KNOWN
    gauntlet.find(mended)
