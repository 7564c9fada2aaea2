"""Where the embedded parts live, and how a start copes with what an earlier one left behind."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from fedi.errors import ConfigurationError
from fedi.supervisor import binaries, home, postgres
from fedi.supervisor.embedded import Embedded
from fedi.supervisor.processes import Owner, spawn
from tests.support import program

STRANGER = Owner(uid=54321, gid=54321, name="stranger")


def test_a_user_enters_only_where_every_directory_lets_it() -> None:
    member = Owner(uid=54321, gid=os.getegid(), name="member")
    with program.data_directory() as top:
        middle = top / "middle"
        (middle / "inner").mkdir(parents=True)
        for directory in (top, middle / "inner"):
            directory.chmod(0o711)
        for mode, stranger, of_the_group in ((0o711, True, True), (0o710, False, True), (0o701, True, False)):
            middle.chmod(mode)
            assert home.can_enter(STRANGER, middle / "inner" / "not there yet") == stranger
            assert home.can_enter(member, middle / "inner") == of_the_group


def test_root_keeps_unreachable_data_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    place = home.locate(closed / "var")
    assert place.root == home.ELSEWHERE / str(closed / "var").strip("/").replace("/", "-")
    assert place.owner is not None
    assert place.owner.uid != 0


def test_an_ordinary_user_keeps_data_where_it_was_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    place = home.locate(tmp_path)
    assert (place.root, place.owner) == (tmp_path, None)


def test_a_long_path_has_its_sockets_in_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    place = home.locate(tmp_path / ("long" * 30))
    assert len(str(place.sockets)) < 50
    assert place.sockets != home.locate(tmp_path / ("other" * 30)).sockets


def test_a_directory_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    place = home.Home(root=tmp_path, sockets=tmp_path / "run", owner=None)
    (tmp_path / "target").mkdir()
    place.sockets.symlink_to(tmp_path / "target")
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        place.own(place.sockets)


def test_what_a_broken_start_left_behind_is_no_obstacle() -> None:
    """A half-made cluster, and locks of files whose number is now another process of the same user."""
    with program.data_directory() as directory:
        place = home.prepare(directory)
        place.own(directory / "postgres.new")
        (directory / "postgres.new" / "PG_VERSION").write_text("18\n")
        Embedded(directory, want_valkey=False, durable=False).stop()
        sleeper = spawn(["sleep", "60"], log=place.logs / "sleep.log", owner=place.owner, death_signal=signal.SIGKILL)
        try:
            for lock in (place.postgres / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
                lock.write_text(f"{sleeper.pid}\n{place.postgres}\n")
            parts = Embedded(directory, want_valkey=False, durable=False)
            assert postgres.answers(parts.home)
            parts.stop()
        finally:
            sleeper.kill()
            sleeper.wait()


def test_unreachable_programs_are_copied_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that lacks a library starts nothing, so the copies are run."""
    with program.data_directory() as directory:
        monkeypatch.setattr(binaries, "ELSEWHERE", directory)
        monkeypatch.setattr(binaries, "can_enter", lambda owner, path: False)
        copied = binaries.postgres_bin(STRANGER), binaries.valkey_server(STRANGER)
        assert (binaries.postgres_bin(STRANGER), binaries.valkey_server(STRANGER)) == copied
        for command in (copied[0] / "postgres", copied[0] / "initdb", copied[1]):
            assert directory in command.parents
            assert subprocess.run([command, "--version"], capture_output=True, check=True).stdout
            assert home.can_enter(STRANGER, command)


def test_a_cluster_of_another_version_is_left_alone() -> None:
    with program.data_directory() as directory:
        place = home.prepare(directory)
        place.own(place.postgres)
        (place.postgres / "PG_VERSION").write_text("17\n")
        with pytest.raises(ConfigurationError, match="was written by PostgreSQL 17, this program brings 18"):
            Embedded(directory, want_valkey=False)


def test_the_lock_stays_until_the_last_child_is_gone(tmp_path: Path) -> None:
    """As after `kill -9` of a supervisor: the child that inherited the descriptor still holds the lock."""
    place = home.Home(root=tmp_path, sockets=tmp_path, owner=None)
    first = home.Lock(place)
    assert first.take(0)
    child = subprocess.Popen(["sleep", "60"], pass_fds=[first.descriptor])
    first.release()
    second = home.Lock(place)
    assert not second.take(0)
    assert second.holder() == os.getpid()
    child.kill()
    child.wait()
    assert second.take(1)
    second.release()
