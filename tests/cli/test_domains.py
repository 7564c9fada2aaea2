"""`fedi domains` and what moderates accounts: decisions are said, listed, written and read again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fedi.cli.domain_lists import read_list, wish_of
from fedi.errors import ClientError
from tests.support import program


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A data directory whose server runs: what is decided shows in the next list."""
    with program.data_directory() as directory, program.running("serve", data_dir=directory) as server:
        server.wait_for("fedi is ready at")
        yield directory


def told(place: Path, *arguments: str) -> str:
    done = program.fedi(*arguments, data_dir=place)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(place: Path, *arguments: str) -> str:
    done = program.fedi(*arguments, data_dir=place)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    return done.stderr


def test_domains_are_decided_about_listed_exported_and_imported(place: Path, tmp_path: Path) -> None:
    done = told(place, "domains", "suspend", "Evil.Example", "--comment", "spam, lies", "--private-comment", "x")
    assert done == "suspended evil.example: 0 accounts known from there, and 0 follows will end\n"
    assert told(place, "domains", "suspend", "evil.example", "--comment", "spam, lies", "--private-comment", "x") == (
        "evil.example is suspended so already\n"
    )
    assert "limited loud.example, rejecting media" in told(place, "domains", "limit", "loud.example", "--reject-media")
    assert "allowed good.example" in told(place, "domains", "allow", "good.example")
    listed = json.loads(told(place, "domains", "list", "--json"))
    assert [(each["domain"], each["severity"], each["private_comment"]) for each in listed["limits"]] == [
        ("evil.example", "suspend", "x"),
        ("loud.example", "silence", ""),
    ]
    assert listed["allowed"] == ["good.example"]
    file = tmp_path / "blocks.csv"
    assert told(place, "domains", "export", str(file)) == f"wrote 2 domains to {file}\n"
    assert file.read_text() == (
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
        'evil.example,suspend,false,false,"spam, lies",false\n'
        "loud.example,silence,true,false,,false\n"
    )
    assert told(place, "domains", "remove", "evil.example") == "nothing is decided about evil.example any more\n"
    read = told(place, "domains", "import", str(file)).splitlines()
    assert read == ["1 domains decided about, 1 left as they were"]
    assert told(place, "domains", "export", "--allows") == "#domain\ngood.example\n"


def test_faults_are_one_line(place: Path) -> None:
    assert refused(place, "domains", "suspend", "a b") == "fedi: 'a b' is no domain\n"
    assert refused(place, "domains", "remove", "never.example") == "fedi: nothing was decided about never.example\n"
    assert refused(place, "accounts", "suspend", "nobody") == "fedi: there is no account @nobody here\n"
    assert refused(place, "accounts", "unlimit", "admin") == "fedi: @admin is not limited by itself\n"


def test_accounts_are_limited_warned_and_kept_out(place: Path) -> None:
    told(place, "accounts", "create", "ada", "--email", "ada@example.com")
    for verb, said in (
        ("limit", "limited @ada"),
        ("unlimit", "@ada is limited no longer"),
        ("sensitize", "sensitized @ada"),
        ("unsensitize", "@ada is sensitized no longer"),
        ("disable", "@ada cannot sign in any more"),
        ("enable", "@ada can sign in again"),
        ("suspend", "suspended @ada"),
        ("unsuspend", "@ada is suspended no longer"),
    ):
        assert told(place, "accounts", verb, "ada") == f"{said}\n"
    assert told(place, "accounts", "warn", "ada", "Be kind.") == "warned @ada\n"


def test_relays_are_subscribed_to_and_given_up(place: Path) -> None:
    inbox = "http://127.0.0.1:9/inbox"
    assert told(place, "relays", "add", inbox) == f"asked {inbox}; `fedi relays list` shows its answer\n"
    assert told(place, "relays", "list") == f"{inbox}\tpending\n"
    assert refused(place, "relays", "add", inbox) == f"fedi: the relay {inbox} is subscribed to already\n"
    assert told(place, "relays", "remove", inbox) == f"{inbox} is subscribed to no longer\n"
    assert refused(place, "relays", "remove", inbox) == f"fedi: there is no relay {inbox}\n"
    assert refused(place, "relays", "add", "nowhere") == "fedi: nowhere is no address\n"


def test_lists_of_others_are_read_as_they_are_written() -> None:
    assert read_list("") == []
    assert [each["domain"] for each in read_list("one.example\ntwo.example\n")] == ["one.example", "two.example"]
    (line,) = read_list("#domain,#severity,#reject_media,#public_comment\nx.example,silence,TRUE,why\n")
    wish = wish_of(line)
    assert (wish.domain, wish.severity, wish.reject_media, wish.public_comment) == ("x.example", "silence", True, "why")
    assert wish_of({"domain": "x.example"}).severity == "suspend"
    for bad in ({"domain": "x.example", "severity": "burn"}, {"domain": "x*.example"}):
        with pytest.raises(ClientError):
            wish_of(bad)
