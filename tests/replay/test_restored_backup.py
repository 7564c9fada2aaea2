"""A backup is put back while other servers, and Redis, know what happened after it was made."""

import functools
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from mastodon import Mastodon

from fedi.settings.loading import load
from fedi.supervisor.home import locate
from tests.support import program
from tests.support.fake_remote import FakeRemote, fake_remote
from tests.support.whole import SCOPES, eventually

SETTINGS = {"WEB_CONCURRENCY": "1"}


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with program.data_directory() as directory:
        yield directory


def run(data_dir: Path, *arguments: str) -> str:
    done = program.fedi(*arguments, data_dir=data_dir, settings=SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def texts(person: Mastodon) -> list[str]:
    return [status.content for status in person.timeline_home(limit=40)]


def created(there: FakeRemote) -> list[str]:
    return [each.activity["object"]["id"] for each in there.deliveries("Create")]


def test_no_id_is_given_again_what_was_erased_stays_so_and_what_others_say_next_is_understood(data_dir: Path) -> None:
    serving = functools.partial(program.running, "serve", data_dir=data_dir, settings=SETTINGS)
    backup, erased = data_dir.parent / "backup", load({"FEDI_DATA_DIR": str(data_dir)}).erasure_file
    with fake_remote() as there:
        bob, cat = there.actor("bob"), there.actor("cat")
        note = bob.note("as it was")
        with serving() as server:
            server.wait_for("fedi is ready")
            run(data_dir, "accounts", "create", "ann", "--email", "ann@example.com")
            token = run(data_dir, "tokens", "create", "ann", "--scopes", SCOPES).split()[-1]
            base = server.base_url.replace("127.0.0.1", "localhost")
            ann = Mastodon(access_token=token, api_base_url=base, request_timeout=20)
            assert bob.send(bob.follow(f"{base}/users/ann"), f"{base}/inbox").status == 202
            eventually(lambda: ann.account_verify_credentials().followers_count == 1)
            ann.account_follow(ann.search(bob.id, resolve=True).accounts[0].id)
            follow = there.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Follow")[
                0
            ].activity
            assert bob.send(bob.accept(follow), f"{base}/inbox").status == 202
            eventually(lambda: ann.account_verify_credentials().following_count == 1)
            assert bob.send(bob.create(note), f"{base}/inbox").status == 202
            regretted = ann.status_post("said before the backup, and regretted after it")
            eventually(lambda: len(texts(ann)) == 2)
            eventually(lambda: len(created(there)) == 1)  # what is deleted before it was sent is not sent
        subprocess.run(["cp", "-a", locate(data_dir).postgres, backup], check=True)
        with serving() as server:
            server.wait_for("fedi is ready")
            ann.status_post("after the backup")
            ann.status_delete(regretted.id)
            assert bob.send(bob.update(note, content="<p>as it is</p>"), f"{base}/inbox").status == 202
            assert cat.send(cat.follow(f"{base}/users/ann"), f"{base}/inbox").status == 202
            eventually(lambda: len(created(there)) == 2 and there.deliveries("Delete"))
            eventually(lambda: ann.account_verify_credentials().followers_count == 2)
            eventually(lambda: erased.is_file() and regretted.uri in erased.read_text())
        shutil.rmtree(locate(data_dir).postgres)
        backup.rename(locate(data_dir).postgres)
        with serving() as server:
            server.wait_for("fedi is ready")
            run(data_dir, "erase", "replay")
            eventually(lambda: texts(ann) == ["<p>as it was</p>"])
            before = set(created(there))
            new = ann.status_post("after the restore")
            assert new.uri not in before
            eventually(lambda: new.uri in created(there))
            assert bob.send(bob.update(note, content="<p>as it is now</p>"), f"{base}/inbox").status == 202
            assert cat.send(cat.follow(f"{base}/users/ann"), f"{base}/inbox").status == 202
            eventually(lambda: ann.account_verify_credentials().followers_count == 2)
            eventually(lambda: texts(ann) == ["<p>after the restore</p>", "<p>as it is now</p>"])
            said: dict[str, set[bytes]] = {}
            for each in there.received:
                if each.method == "POST":
                    said.setdefault(each.activity["id"], set()).add(each.body)
            assert all(len(bodies) == 1 for bodies in said.values()), (
                "an id that was given is not given to anything else"
            )
            run(data_dir, "projections", "verify", "--all")
