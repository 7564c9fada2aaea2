"""What a process gives itself before it begins to work."""

import os
import resource
from collections.abc import Iterator

import pytest

from fedi.supervisor.processes import FILES, in_child, open_many_files


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_low_limit_of_files_is_raised_as_far_as_may_be(limits: tuple[int, int]) -> None:
    _, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    open_many_files()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(hard, FILES) if hard >= 0 else FILES, hard)


@pytest.mark.parametrize("answer", [True, False])
def test_a_child_answers_and_its_memory_goes_with_it(answer: bool) -> None:
    held = list[int]()

    def work() -> bool:
        held.append(os.getpid())
        return answer

    assert in_child(work) is answer
    assert held == []


def test_a_child_that_fails_says_why_and_its_answer_is_no(capfd: pytest.CaptureFixture[str]) -> None:
    assert in_child(lambda: bool(1 / 0)) is False
    assert "ZeroDivisionError" in capfd.readouterr().err
