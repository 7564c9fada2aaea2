"""What operators do with logins, on a server that runs."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.whole import Server, eventually, server

PASSWORD_LINE = "its password is "


@pytest.fixture(scope="module")
def place(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ada",)) as found:
        yield found


def changed(place: Server, *options: str) -> str:
    answer = place.run("accounts", "modify", "ada", *options)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def asked(place: Server) -> int:
    header = {"Authorization": f"Bearer {place.people['ada'].access_token}"}
    return httpx.get(f"http://{place.domain}/api/v1/accounts/verify_credentials", headers=header).status_code


def token(place: Server, login: str, password: str) -> int:
    app = httpx.post(
        f"http://{place.domain}/api/v1/apps", data={"client_name": "App", "redirect_uris": "app://cb"}
    ).json()
    given = {"grant_type": "password", "username": login, "password": password, "scope": "read"}
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    return httpx.post(f"http://{place.domain}/oauth/token", data={**given, **client}).status_code


def test_s_100_a_password_from_the_command_line_ends_every_token(place: Server) -> None:
    assert asked(place) == 200
    password = changed(place, "--reset-password", "--role", "moderator", "--email", "new@example.com")
    password = password.partition(PASSWORD_LINE)[2].strip()
    eventually(lambda: asked(place) == 401)  # what a process remembers of a token it forgets within a second
    assert token(place, "new@example.com", password) == 200
    assert token(place, "ada", "wrong") == 400
    changed(place, "--disable", "--disable-2fa")
    assert token(place, "ada", password) == 400
    changed(place, "--enable", "--approve", "--confirm")
    assert token(place, "ada", password) == 200


def test_who_waits_is_let_in_or_not(place: Server) -> None:
    refused = place.run("accounts", "reject", "ada")
    assert (refused.returncode, refused.stderr.strip()) == (1, "fedi: @ada does not wait to be let in")


def test_faults_are_said(place: Server) -> None:
    assert place.run("accounts", "modify", "nobody", "--confirm").returncode == 1
    wrong = place.run("accounts", "modify", "ada", "--email", "nonsense")
    assert (wrong.returncode, wrong.stderr.strip()) == (1, "fedi: nonsense is no e-mail address")


def test_invites_are_made_and_listed(place: Server) -> None:
    made = place.run("invites", "create", "--max-uses", "2", "--days", "7")
    assert made.returncode == 0, made.stderr
    address = made.stdout.split()[-1]
    assert httpx.get(address).headers["location"].startswith("/auth/sign_up?invite_code=")
    listed = place.run("invites", "list").stdout
    assert f"{address}  used by 0 of 2, until" in listed
