"""`fedi erase`: by hand, looked after, checked, and repeated after a restore."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.support import program, servers
from tests.support.erasing import erase_all
from tests.support.here import CONTEXT, PUBLIC, Here, running

BOB = "https://b.example/users/bob"
THERE = f"{BOB}/statuses/1"
Fedi = Callable[..., CompletedProcess[str]]


@pytest.fixture
async def here(admin_url: str) -> AsyncIterator[Here]:
    with servers.fresh_database(admin_url) as url:
        async with running(url) as server:
            yield server


@pytest.fixture
def fedi(admin_url: str, redis_url: str, tmp_path: Path) -> Fedi:
    def run(url: str, *arguments: str) -> CompletedProcess[str]:
        settings = {"DATABASE_URL": url, "REDIS_URL": redis_url, "LOCAL_DOMAIN": "localhost:3000"}
        own = {"FEDI_ERASURE_LIST": str(tmp_path / "list")}
        return program.fedi("erase", *arguments, data_dir=tmp_path, settings=settings | own)

    return run


async def people_talk(here: Here) -> str:
    """Let somebody here and somebody elsewhere post; return the id of the post here."""
    bob = {"@context": CONTEXT, "id": BOB, "type": "Person", "preferredUsername": "bob", "inbox": f"{BOB}/inbox"}
    await here.meet(bob)
    note = {"id": THERE, "type": "Note", "attributedTo": BOB, "content": "secret", "to": [PUBLIC]}
    await here.hear({"@context": CONTEXT, "id": f"{THERE}#c", "type": "Create", "actor": BOB, "object": note})
    alice = await here.person("alice")
    post: dict[str, Any] = await here.post(alice, content="secret")
    here.fold()
    return str(post["id"])


async def words_left(here: Here) -> int:
    query = "SELECT count(*) FROM log.events WHERE convert_from(state, 'UTF8') LIKE '%%secret%%'"
    ((found,),) = await here.rows(query)
    return int(found)


async def test_what_is_erased_goes_again_after_a_restore(
    here: Here, admin_url: str, fedi: Fedi, tmp_path: Path
) -> None:
    ours = await people_talk(here)
    for uri in (THERE, ours):
        said = await asyncio.to_thread(fedi, here.url, "post", uri, "--yes")
        assert (said.returncode, uri in said.stdout) == (0, True), said.stderr
    here.fold()
    assert await words_left(here) == 2
    await erase_all(here.url, list_file=tmp_path / "list")
    assert await words_left(here) == 0
    again = await asyncio.to_thread(fedi, here.url, "post", THERE, "--yes")
    assert (again.returncode, again.stderr) == (1, f"fedi: {THERE} is gone already\n")
    status = json.loads((await asyncio.to_thread(fedi, here.url, "status", "--json")).stdout)
    assert (status["posts"], status["payloads"], status["waiting"], status["unlisted"]) == (2, 2, 0, 0)
    with servers.fresh_database(admin_url) as url:
        async with running(url) as restored:
            there_again = await people_talk(restored)
            listed = (tmp_path / "list").read_text().replace(ours, there_again)
            (tmp_path / "list").write_text(listed)
            replayed = await asyncio.to_thread(fedi, url, "replay")
            assert replayed.stdout.startswith("of 2 posts and accounts in the list 2 had"), replayed.stderr
            restored.fold()
            await erase_all(url)
            assert await words_left(restored) == 0
            assert await restored.rows("SELECT count(*) FROM read.statuses") == [(0,)]
            repeated = await asyncio.to_thread(fedi, url, "replay")
            assert "in the list 0 had" in repeated.stdout


async def test_accounts_of_other_servers_can_be_erased(here: Here, fedi: Fedi) -> None:
    await people_talk(here)
    said = await asyncio.to_thread(fedi, here.url, "account", "@bob@b.example", "--yes")
    assert said.returncode == 0, said.stderr
    unknown = await asyncio.to_thread(fedi, here.url, "account", "eve@b.example", "--yes")
    assert (unknown.returncode, unknown.stderr) == (1, "fedi: there is no account @eve@b.example here\n")
    here.fold()
    await erase_all(here.url)
    assert await here.rows("SELECT username FROM read.accounts") == [("alice",)]
    assert await words_left(here) == 1


async def test_the_check_reads_the_whole_log(here: Here, fedi: Fedi) -> None:
    await people_talk(here)
    clean = await asyncio.to_thread(fedi, here.url, "check")
    assert (clean.returncode, clean.stdout) == (0, "no words are left of what is gone\n"), clean.stderr
    await here.rows("DELETE FROM read.log_index RETURNING 1")
    await here.hear({"@context": CONTEXT, "id": f"{THERE}#d", "type": "Delete", "actor": BOB, "object": THERE})
    here.fold()
    await erase_all(here.url)
    found = await asyncio.to_thread(fedi, here.url, "check")
    assert (found.returncode, THERE in found.stdout) == (1, True)
    repaired = await asyncio.to_thread(fedi, here.url, "check", "--again")
    assert (repaired.returncode, repaired.stdout.splitlines()[-1]) == (0, "1 posts and accounts are erased once more")
    await erase_all(here.url)
    assert await words_left(here) == 1


async def test_a_list_that_is_not_there_is_one_line(here: Here, fedi: Fedi, tmp_path: Path) -> None:
    missing = await asyncio.to_thread(fedi, here.url, "replay", str(tmp_path / "none"))
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
