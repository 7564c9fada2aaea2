"""`fedi serve` from the outside: what it starts, how it stops, and what it leaves behind when it is killed."""

import os
import pwd
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fedi.supervisor.home import can_enter, locate
from fedi.supervisor.processes import Owner
from tests.support import program

READY = "fedi is ready at"


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data directory for the module: its tests start the server again and again."""
    with program.data_directory() as directory:
        yield directory


def test_it_says_once_that_it_is_ready_and_ctrl_c_stops_all_of_it(data_dir: Path) -> None:
    with program.running("serve", data_dir=data_dir) as server:
        server.wait_for(READY)
        assert server.get("/health").text == "OK"
        assert server.get("/readyz").json() == {"ready": True, "postgres": True, "redis": True}
        children = program.family(server.process.pid)
        assert {"postgres", "valkey-server", "fedi web 0", "fedi web 1", "fedi projector", "fedi effects"} <= set(
            children.values()
        )
        assert server.interrupt() < 5
        program.wait_until_gone(children, 0.5)
        assert server.process.returncode == 0
        assert server.output.count(READY) == 1
        assert "sign in as admin@localhost with password mastodonadmin" in server.output


def test_killed_it_leaves_nothing_running_and_the_next_start_recovers(data_dir: Path) -> None:
    for _ in range(2):
        with program.running("serve", data_dir=data_dir) as server:
            server.wait_for(READY)
            children = program.family(server.process.pid)
            assert len(children) >= 6
            server.process.kill()
            server.process.wait()
        # No pause before the next start: it has to cope with parts of the last one that are still dying.
    with program.running("serve", data_dir=data_dir) as server:
        program.wait_until_gone(children, 10)
        server.wait_for(READY)
        assert server.get("/readyz").status_code == 200


def test_what_dies_is_started_again_as_soon_as_it_can_be(data_dir: Path) -> None:
    with program.running("serve", data_dir=data_dir) as server:
        server.wait_for(READY)
        before = {name: pid for pid, name in program.family(server.process.pid).items()}
        configuration = locate(data_dir).postgres / "postgresql.conf"
        configuration.unlink()
        configuration.mkdir()
        for name in ("fedi web 0", "postgres", "valkey-server"):
            parents = [p for p, n in program.family(server.process.pid).items() if n == name]
            os.kill(min(parents), signal.SIGKILL)
        server.wait_for("web 0 ended (SIGKILL)")
        server.wait_for("a part does not start: ")
        configuration.rmdir()
        deadline = time.monotonic() + 20
        while server.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline, server.output
            time.sleep(0.05)
        after = {name: pid for pid, name in program.family(server.process.pid).items()}
        assert after["fedi web 0"] != before["fedi web 0"]
        assert after["valkey-server"] != before["valkey-server"]


def test_two_servers_do_not_share_a_data_directory(data_dir: Path) -> None:
    with program.running("serve", data_dir=data_dir) as first:
        first.wait_for(READY)
        second = program.fedi("serve", data_dir=data_dir, settings={"PORT": str(program.free_port())})
        assert second.returncode == 1
        assert second.stderr == f"fedi: {data_dir} is in use by process {first.process.pid}\n"


def test_a_taken_port_is_one_clear_line(data_dir: Path) -> None:
    with program.running("serve", data_dir=data_dir) as first:
        first.wait_for(READY)
        port = first.base_url.rpartition(":")[2]
        second = program.fedi("serve", data_dir=data_dir / "other", settings={"PORT": port})
    assert second.returncode == 1
    assert second.stderr == f"fedi: cannot listen at 127.0.0.1, port {port}: another program listens there; set PORT\n"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become somebody else")
def test_an_ordinary_user_can_run_it() -> None:
    nobody = pwd.getpwnam("nobody")
    owner = Owner(nobody.pw_uid, nobody.pw_gid, nobody.pw_name)
    if not all(can_enter(owner, path) for path in (Path(sys.executable).resolve(), program.ROOT)):
        pytest.skip("the user nobody cannot reach this checkout or its Python")
    become = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    with program.data_directory() as directory:
        os.chown(directory.parent, nobody.pw_uid, nobody.pw_gid)
        with program.running("serve", data_dir=directory, prefix=become) as server:
            server.wait_for(READY)
            assert server.get("/readyz").status_code == 200
            assert directory.stat().st_uid == nobody.pw_uid
