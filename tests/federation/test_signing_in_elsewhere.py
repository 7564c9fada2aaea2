"""Another service signs people in with their accounts here: the whole flow of RFC 6749 and RFC 8414, over sockets."""

import base64
import contextlib
import hashlib
import html
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.support.whole import Server, server

CALLBACK = "https://elsewhere.example/callback?from=fedi"
PASSWORD = "a good password"


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ()) as found:
        made = found.run("accounts", "create", "ada", "--email", "ada@example.com", "--password", PASSWORD)
        assert made.returncode == 0, made.stderr
        yield found


class Service:
    """A service that knows nothing of the server but its name."""

    def __init__(self, domain: str) -> None:
        self.http = httpx.Client(base_url=f"http://{domain}")
        self.metadata = self.http.get("/.well-known/oauth-authorization-server").json()
        given = {"client_name": "Elsewhere", "redirect_uris": CALLBACK, "scopes": "profile"}
        self.client: dict[str, Any] = self.http.post(self.metadata["app_registration_endpoint"], data=given).json()
        self.verifier = secrets.token_urlsafe(48)
        self.state = secrets.token_urlsafe(8)

    def address(self, **more: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client["client_id"],
            "redirect_uri": CALLBACK,
            "scope": "profile",
            "state": self.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **more,
        }
        return f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}"

    def exchange(self, code: str, verifier: str | None = None) -> httpx.Response:
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        client = (self.client["client_id"], self.client["client_secret"])
        proof = {"code_verifier": verifier or self.verifier}
        return self.http.post(self.metadata["token_endpoint"], data={**given, **proof}, auth=client)


Meet = Callable[[], Service]


@pytest.fixture
def meet(here: Server) -> Iterator[Meet]:
    """Makes a service that has just heard of the server."""
    with contextlib.ExitStack() as stack:

        def make() -> Service:
            service = Service(here.domain)
            stack.callback(service.http.close)
            return service

        yield make


def send(browser: httpx.Client, page: httpx.Response, number: int = 0, **filled: str) -> httpx.Response:
    action, body = re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL)[number]
    fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', body))
    return browser.post(action, data={**{name: html.unescape(value) for name, value in fields.items()}, **filled})


def consent(here: Server, service: Service, number: int = 0) -> dict[str, list[str]]:
    """Sign in and answer; return what the service's callback is given."""
    with httpx.Client(base_url=f"http://{here.domain}", follow_redirects=False) as browser:
        led = browser.get(service.address())
        entered = send(browser, browser.get(led.headers["location"]), login="ada", password=PASSWORD)
        answer = send(browser, browser.get(entered.headers["location"]), number)
    assert answer.headers["location"].startswith(CALLBACK + "&")
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    assert given["state"] == [service.state]
    return given


def test_a_service_signs_somebody_in(here: Server, meet: Meet) -> None:
    service = meet()
    assert service.metadata["issuer"] == f"http://{here.domain}/"
    assert service.metadata["code_challenge_methods_supported"] == ["S256"]
    token = service.exchange(consent(here, service)["code"][0])
    assert token.status_code == 200, token.text
    assert (token.json()["token_type"], token.json()["scope"]) == ("Bearer", "profile")
    header = {"Authorization": f"Bearer {token.json()['access_token']}"}
    who = service.http.get(service.metadata["userinfo_endpoint"], headers=header).json()
    assert (who["iss"], who["preferred_username"]) == (service.metadata["issuer"], "ada")
    assert service.http.get("/api/v1/timelines/home", headers=header).status_code == 403
    client = {"client_id": service.client["client_id"], "client_secret": service.client["client_secret"]}
    worth = service.http.post(
        service.metadata["introspection_endpoint"], data={"token": token.json()["access_token"], **client}
    )
    assert worth.json()["username"] == "ada"
    service.http.post(service.metadata["revocation_endpoint"], data={"token": token.json()["access_token"], **client})
    assert service.http.get(service.metadata["userinfo_endpoint"], headers=header).status_code == 401


def test_s_104_a_code_is_of_no_use_without_its_verifier(here: Server, meet: Meet) -> None:
    service = meet()
    code = consent(here, service)["code"][0]
    for wrong in ("x" * 43, ""):
        refused = service.exchange(code, verifier=wrong or "y" * 43)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    stolen = meet().exchange(code, verifier=service.verifier)
    assert stolen.json()["error"] == "invalid_grant"


def test_a_refusal_is_told_with_the_state(here: Server, meet: Meet) -> None:
    given = consent(here, meet(), number=1)
    assert given["error"] == ["access_denied"]
    assert "code" not in given


def test_who_is_signed_in_may_be_asked_again(here: Server, meet: Meet) -> None:
    service = meet()
    with httpx.Client(base_url=f"http://{here.domain}") as browser:
        send(browser, browser.get("/auth/sign_in"), login="ada", password=PASSWORD)
        assert browser.get(service.address()).status_code == 200
        for more in ({"prompt": "login"}, {"force_login": "true"}):
            assert browser.get(service.address(**more)).headers["location"].startswith("/auth/sign_in?")
