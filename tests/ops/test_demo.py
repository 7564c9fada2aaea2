"""`make demo` shows what it promises, leaves nothing behind, and admits it when something did not happen."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

import ops.demo.__main__ as demo
from ops.demo.person import DidNotHappen
from tests.support import scratch
from tests.support.program import ROOT, environment

PROMISED = [
    "ann follows you",
    "bob follows you",
    "a post by @ann@localhost:",
    "bob mentions you, in answer to your post",
    "bob boosts your post",
    "bob favourites your post",
    "the post was edited",
    "the post is gone",
]


def test_it_shows_what_it_promises_and_leaves_nothing_behind() -> None:
    with scratch.directory() as place:
        done = subprocess.run(
            [sys.executable, "-m", "ops.demo"],
            env={**environment(place / "var", {}), "TMPDIR": str(place)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert [text for text in PROMISED if f"stream: {text}" not in done.stdout] == []
        assert done.stdout.count("rows: equal") == 2
        assert [each.name for each in place.iterdir() if each.is_dir()] == []


def test_it_fails_when_something_did_not_happen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextlib.contextmanager
    def serving(name: str) -> Iterator[None]:
        raise DidNotHappen(f"{name} slept")
        yield

    monkeypatch.setattr(demo, "serving", serving)
    assert demo.main() == 1
    assert "ann slept" in capsys.readouterr().out
