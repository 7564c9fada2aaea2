"""Taking lists along and bringing them here, in the browser."""

import re

import httpx
import pytest

from fedi.api.deps import Deps
from fedi.commands import follows
from fedi.commands.follows import Wishes
from fedi.commands.imports import carry_on
from tests.commands.test_imports import reach
from tests.support.server import folded, person
from tests.web.conftest import Browser
from tests.web.test_going import entered

pytestmark = pytest.mark.usefixtures("projector")


async def brought(browser: Browser, text: bytes, **fields: str) -> httpx.Response:
    page = await browser.get("/settings/imports")
    word = re.findall(r'name="form_word" value="([^"]*)"', page.text)[0]
    data = {"form_word": word, "kind": "follows", "mode": "merge", **fields}
    return await browser.http.post("/settings/imports", data=data, files={"file": ("x.csv", text, "text/csv")})


async def test_a_list_goes_out_and_comes_in(browser: Browser, server: Deps) -> None:
    ada, bob, eve = [await person(server, name) for name in ("ada", "bob", "eve")]
    await folded(server, await follows.follow(server.commands, ada, bob.id, Wishes()))
    await entered(browser, server, ada)
    assert "following_accounts.csv" in (await browser.get("/settings/exports")).text
    file = await browser.get("/settings/exports/follows")
    assert file.headers["content-type"].startswith("text/csv")
    assert 'filename="following_accounts.csv"' in file.headers["content-disposition"]
    assert (await browser.get("/settings/exports/passwords")).status_code == 404

    await entered(browser, server, eve)
    assert (await brought(browser, file.content + b"nobody,true,true,\n")).status_code == 302
    assert "0 of 2" in (await browser.get("/settings/imports")).text
    async with server.pool.connection() as connection:
        rows = await connection.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'imports.some' RETURNING args"
        )
        ((args,),) = await rows.fetchall()
    number = args["job"]["import_id"]
    assert not await carry_on(server.commands, reach(server), number)
    assert "finished" in (await browser.get("/settings/imports")).text
    failures = await browser.get(f"/settings/imports/{number}/failures")
    assert failures.text.splitlines()[1:] == ["nobody@localhost:3000,true,true,"]
    assert (await browser.get("/settings/exports/follows")).text == file.text

    await entered(browser, server, ada)
    for other in (number, 0, "x"):
        assert (await browser.get(f"/settings/imports/{other}/failures")).status_code == 404


async def test_what_cannot_be_read_is_refused(browser: Browser, server: Deps) -> None:
    await entered(browser, server, await person(server, "ada"))
    assert (await brought(browser, b"")).status_code == 422
    assert (await brought(browser, b"\xff\xfe")).status_code == 422
    assert (await brought(browser, b"a@b.example", kind="passwords")).status_code == 404
    assert (await brought(browser, b"a@b.example", form_word="forged")).status_code == 403
    assert (await brought(browser, b"x" * (5 << 20))).status_code == 400
    bare = await browser.http.post("/settings/imports", content=b"x", headers={"Content-Type": "text/plain"})
    assert bare.status_code in {400, 403}
    assert 'class="post"' not in (await browser.get("/settings/imports")).text
