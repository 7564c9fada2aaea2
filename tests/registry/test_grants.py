import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fedi.registry.apps import App
from fedi.registry.codes import Code
from fedi.registry.grants import GrantError, Known, RedirectedError, judge_authorization, judge_token
from fedi.registry.secrets import digest
from tests.support.people import NOON

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
APP = App(
    id=1,
    client_id="client",
    secret_hash=digest("secret"),
    name="App",
    website=None,
    redirect_uris=("https://app.example/cb", "app://cb"),
    scopes=("read", "write:statuses"),
    created_at=NOON,
)
CODE = Code(
    app_id=1,
    user_id=5,
    redirect_uri="app://cb",
    scopes=("read",),
    challenge=CHALLENGE,
    expires_at=NOON + timedelta(minutes=10),
    used_at=None,
    token_id=None,
)
ASKED = {"client_id": "client", "response_type": "code", "redirect_uri": "app://cb"}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "client",
    "client_secret": "secret",
    "code": "c",
    "redirect_uri": "app://cb",
    "code_verifier": VERIFIER,
}


def ask(**params: str) -> Any:
    return judge_authorization(list({**ASKED, **params}.items()), APP)


def test_proper_request_is_understood() -> None:
    asked = ask(scope="write:statuses read:lists", state="é %", code_challenge=CHALLENGE, code_challenge_method="S256")
    assert (asked.redirect_uri, asked.scopes) == ("app://cb", ("write:statuses", "read:lists"))
    assert (asked.state, asked.challenge) == ("é %", CHALLENGE)
    assert ask().scopes == ("read",)


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb/",
        "https://app.example/cb/sub",
        "https://app.example/cb?x=1",
        "https://app.example/cb#f",
        "https://app.example/c",
        "https://APP.example/cb",
        "https://app.example:443/cb",
        "https://u@app.example/cb",
        "javascript:alert(1)",
        "urn:ietf:wg:oauth:2.0:oob",
        "",
    ],
)
def test_s_103_redirect_uri_must_be_a_registered_one_to_the_letter(uri: str) -> None:
    with pytest.raises(GrantError) as refusal:
        ask(redirect_uri=uri)
    assert not isinstance(refusal.value, RedirectedError)


def test_person_is_told_where_no_redirect_uri_can_be_trusted() -> None:
    for pairs, app in [
        (list(ASKED.items()), None),
        ([], None),
        ([pair for pair in ASKED.items() if pair[0] != "redirect_uri"], APP),
        ([*ASKED.items(), ("client_id", "other")], APP),
    ]:
        with pytest.raises(GrantError) as refusal:
            judge_authorization(pairs, app)
        assert not isinstance(refusal.value, RedirectedError)


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"scope": "read write"}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_app_is_told_of_other_faults_with_its_state(params: dict[str, str], error: str) -> None:
    with pytest.raises(RedirectedError) as refusal:
        ask(state="s t", **params)
    assert (refusal.value.error, refusal.value.redirect_uri, refusal.value.state) == (error, "app://cb", "s t")


def test_code_is_exchanged_by_its_app_with_its_verifier() -> None:
    granted = judge_token(EXCHANGE, Known(app=APP, code=CODE, moment=NOON))
    assert (granted.app, granted.user_id, granted.scopes) == (APP, 5, ("read",))


@pytest.mark.parametrize(
    ("params", "code", "error"),
    [
        ({}, None, "invalid_grant"),
        ({}, replace(CODE, app_id=2), "invalid_grant"),
        ({}, replace(CODE, used_at=NOON), "invalid_grant"),
        ({}, replace(CODE, expires_at=NOON), "invalid_grant"),
        ({"redirect_uri": "https://app.example/cb"}, CODE, "invalid_grant"),
        ({"redirect_uri": None}, CODE, "invalid_grant"),
        ({"code_verifier": None}, CODE, "invalid_grant"),
        ({"code_verifier": "w" * 43}, CODE, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, CODE, "invalid_grant"),
        ({}, replace(CODE, challenge=None), "invalid_grant"),
        ({"client_secret": "wrong"}, CODE, "invalid_client"),
        ({"client_secret": None}, CODE, "invalid_client"),
        ({"code": None}, CODE, "invalid_request"),
        ({"grant_type": None}, CODE, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, CODE, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "u", "password": "p"}, CODE, "unsupported_grant_type"),
    ],
)
def test_what_is_wrong_with_an_exchange(params: dict[str, str | None], code: Code | None, error: str) -> None:
    given = {name: value for name, value in {**EXCHANGE, **params}.items() if value is not None}
    with pytest.raises(GrantError) as refusal:
        judge_token(given, Known(app=APP, code=code, user_id=5, moment=NOON))
    assert refusal.value.error == error
    assert refusal.value.status == (401 if error == "invalid_client" else 400)


def test_app_gets_a_token_of_its_own() -> None:
    params = {"grant_type": "client_credentials", "client_id": "client", "client_secret": "secret"}
    granted = judge_token(params, Known(app=APP, moment=NOON))
    assert (granted.user_id, granted.scopes) == (None, ("read",))
    with pytest.raises(GrantError, match="scope is invalid"):
        judge_token({**params, "scope": "push"}, Known(app=APP, moment=NOON))


def test_password_counts_only_where_it_is_allowed_and_right() -> None:
    params = {
        "grant_type": "password",
        "client_id": "client",
        "client_secret": "secret",
        "username": "u",
        "password": "p",
    }
    known = Known(app=APP, user_id=5, password_grant=True, moment=NOON)
    assert judge_token(params, known).user_id == 5
    for refused, error in [
        (replace(known, user_id=None), "invalid_grant"),
        (replace(known, app=None), "invalid_client"),
    ]:
        with pytest.raises(GrantError) as refusal:
            judge_token(params, refused)
        assert refusal.value.error == error
