"""The verbs that look: they work whether the server runs or not, and fail in one line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import program


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with program.data_directory() as directory:
        yield directory


@pytest.fixture(scope="module", params=["running", "stopped"])
def place(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Path]:
    """A data directory whose server runs, and one whose server does not."""
    if request.param == "stopped":
        yield data_dir
        return
    with program.running("serve", data_dir=data_dir) as server:
        server.wait_for("fedi is ready at")
        yield data_dir


def test_the_log_begins_with_the_founding(place: Path) -> None:
    shown = program.fedi("events", "show", "1", data_dir=place)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["name"] == "server.founded"
    counted = program.fedi("events", "count", "--json", data_dir=place)
    assert json.loads(counted.stdout)["kinds"]["server.founded"] == 1
    tailed = program.fedi("events", "tail", "-n", "1000", "--json", data_dir=place)
    assert json.loads(tailed.stdout.splitlines()[0])["position"] == 1


def test_nothing_is_parked(place: Path) -> None:
    assert program.fedi("events", "check", data_dir=place).stdout.endswith(" events, all as they were written\n")
    assert program.fedi("events", "parked", data_dir=place).stdout == "nothing is parked\n"
    tried = program.fedi("events", "redrive", data_dir=place)
    assert tried.stdout == "the views: 0 parked, 0 still; the effects try 0 again\n", tried.stderr


def test_the_staff_writes_a_page(place: Path) -> None:
    page = place / "rules.txt"
    page.write_text("Be kind.\n", encoding="utf-8")
    said = program.fedi("pages", "write", "rules", str(page), data_dir=place)
    assert (said.returncode, said.stdout) == (0, "wrote rules\n"), said.stderr
    refused = program.fedi("pages", "write", "terms_of_service", str(page), data_dir=place)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)


def test_the_doctor_finds_the_embedded_parts_in_order(place: Path) -> None:
    seen = program.fedi("doctor", "--json", data_dir=place)
    assert seen.returncode == 0, seen.stderr
    verdicts = {(check["subject"], check["verdict"]) for check in json.loads(seen.stdout)}
    assert {("PostgreSQL", "good"), ("Redis", "good"), ("embedded", "good"), ("log", "good")} <= verdicts


def test_files_are_counted_and_pruned(place: Path) -> None:
    shown = program.fedi("media", "usage", "--json", data_dir=place)
    assert (shown.returncode, json.loads(shown.stdout)) == (0, []), shown.stderr
    pruned = program.fedi("media", "prune", "--days", "1", data_dir=place)
    assert pruned.stdout == "deleted 0 copies of remote files and 0 uploads that no post holds\n", pruned.stderr


def test_the_doctor_says_what_is_away(data_dir: Path) -> None:
    away = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    seen = program.fedi("doctor", data_dir=data_dir, settings=away)
    assert seen.returncode == 1
    assert "✗ PostgreSQL: does not answer" in seen.stdout
    assert "✗ Redis: does not answer" in seen.stdout
    assert seen.stderr.count("\n") == 1


def test_faults_are_one_line(data_dir: Path) -> None:
    beyond = program.fedi("events", "show", "999999", data_dir=data_dir)
    assert (beyond.returncode, beyond.stderr.count("\n")) == (1, 1)
    assert beyond.stderr.startswith("fedi: the log has no position 999999; it ends at ")
    unknown = program.fedi("events", "count", data_dir=data_dir, settings={"FEDI_HTTP": "on"})
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "fedi: there is no setting FEDI_HTTP; did you mean FEDI_HTTPS?\n",
    )


def test_settings_come_from_a_file_before_or_after_the_verb(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("FEDI_HTTP=on\n")
    for arguments in (
        ["--env-file", str(file), "doctor"],
        ["doctor", "--env-file", str(file)],
        [f"--env-file={file}", "doctor"],
        ["projector", f"--env-file={file}"],
        ["--env-file", str(file), "projector"],
    ):
        assert "did you mean FEDI_HTTPS" in program.fedi(*arguments, data_dir=data_dir).stderr
    for verb in ("doctor", "projector"):
        assert "cannot read" in program.fedi(verb, "--env-file", str(tmp_path / "none"), data_dir=data_dir).stderr


def test_a_token_needs_somebody_and_known_scopes(data_dir: Path) -> None:
    nobody = program.fedi("tokens", "create", "nobody", "--scopes", "read write follow push", data_dir=data_dir)
    assert (nobody.returncode, nobody.stderr) == (1, "fedi: nobody here is called nobody\n")
    odd = program.fedi("tokens", "create", "nobody", "--scopes", "read everything", data_dir=data_dir)
    assert odd.returncode == 1
    assert odd.stderr.startswith("fedi: there is no scope everything; there are: profile read ")


def test_an_account_is_made_and_given_a_token(place: Path, request: pytest.FixtureRequest) -> None:
    name = f"ada_{request.node.callspec.id}"
    made = program.fedi(
        "accounts", "create", name, "--email", f"{name}@example.com", "--role", "moderator", data_dir=place
    )
    assert made.returncode == 0, made.stderr
    first, second = made.stdout.splitlines()
    assert first.startswith(f"made the account @{name}@localhost:")
    assert len(second.removeprefix("its password is ")) == 24
    again = program.fedi("accounts", "create", name, "--email", "other@example.com", data_dir=place)
    assert (again.returncode, again.stderr) == (1, "fedi: Validation failed: Username has already been taken\n")
    token = program.fedi("tokens", "create", name, "--scopes", "read write", data_dir=place)
    assert token.returncode == 0, token.stderr
    assert len(token.stdout.splitlines()[-1].split()) == 1


def test_views_are_listed_rebuilt_and_verified(place: Path) -> None:
    rebuilt = program.fedi("projections", "rebuild", "--all", "--json", data_dir=place)
    assert rebuilt.returncode == 0, rebuilt.stderr
    listed = json.loads(program.fedi("projections", "list", "--json", data_dir=place).stdout)
    assert listed["position"] == listed["last"] == json.loads(rebuilt.stdout)["position"]
    assert {"accounts", "statuses"} <= {each["name"] for each in listed["views"]}
    assert all(each["version"] == each["folded_by"] for each in listed["views"])
    verified = program.fedi("projections", "verify", "statuses", data_dir=place)
    assert verified.returncode == 0, verified.stderr
    assert "everything is equal" in verified.stdout


def test_a_projection_must_be_named_or_all(data_dir: Path) -> None:
    assert program.fedi("projections", "rebuild", data_dir=data_dir).stderr == "fedi: name a view, or say --all\n"
    assert (
        "there is no view called nothing; there are "
        in program.fedi("projections", "verify", "nothing", data_dir=data_dir).stderr
    )
