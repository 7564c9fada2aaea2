import pytest

import fedi.api
from fedi.api.request import ApiRequest
from fedi.api.routing import Endpoint, route
from fedi.api.table import Table, collect


def endpoint(path: str, method: str | tuple[str, ...] = "GET") -> Endpoint:
    @route(method, path, scope="read", auth="user")
    async def handler(request: ApiRequest) -> None: ...

    return handler


PATHS = ["/api/v1/a", "/api/v1/a/:id", "/api/v1/a/lookup", "/api/v1/a/:account_id/b", "/api/v1/:x/c/:y"]
WITH_ANY_SCOPE = {
    "/api/v1/accounts/:id/identity_proofs",
    "/api/v1/announcements",
    "/api/v1/apps/verify_credentials",
    "/api/v1/donation_campaigns",
    "/api/v1/instance/domain_blocks",
    "/api/v1/tags/:name",
    "/api/v1/trends",
    "/api/v1/trends/links",
    "/api/v1/trends/statuses",
    "/api/v1/trends/tags",
    "/oauth/token/info",
}
"""What Mastodon answers to any token."""
TABLE = Table(endpoint(path) for path in PATHS)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/a", ("/api/v1/a", {})),
        ("/api/v1/a/", ("/api/v1/a", {})),
        ("/api/v1/a/7", ("/api/v1/a/:id", {"id": "7"})),
        ("/api/v1/a/7/", ("/api/v1/a/:id", {"id": "7"})),
        ("/api/v1/a/lookup", ("/api/v1/a/lookup", {})),
        ("/api/v1/a/7/b", ("/api/v1/a/:account_id/b", {"account_id": "7"})),
        ("/api/v1/a/c/9", ("/api/v1/:x/c/:y", {"x": "a", "y": "9"})),
        ("/api/v1/a//b", None),
        ("/api/v1/z", None),
        ("/", None),
        ("//", None),
    ],
)
def test_path_leads_to_its_endpoint(path: str, expected: tuple[str, dict[str, str]] | None) -> None:
    found = TABLE.find("GET", path)
    assert (found and (found[0].paths[0], found[1])) == expected
    assert TABLE.find("HEAD", path) == found
    assert TABLE.find("POST", path) is None
    assert TABLE.knows(path) == (expected is not None)


@pytest.mark.parametrize("path", ["/api/v1/a", "/api/v1/a/:other"])
def test_second_endpoint_for_a_method_and_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Table([*TABLE.endpoints, endpoint(path)])
    assert Table([*TABLE.endpoints, endpoint(path, ("PUT", "PATCH"))]).find("PATCH", "/api/v1/a") or ":" in path


def test_s_097_declaration_without_scope_or_with_an_unknown_one_is_refused() -> None:
    with pytest.raises(TypeError):
        route("GET", "/x", auth="user")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no scope read:everything"):
        route("GET", "/x", scope="read:everything", auth="user")
    with pytest.raises(ValueError, match="looks at no token"):
        route("GET", "/x", scope="read", auth="public")


def test_s_097_every_endpoint_that_looks_at_a_token_asks_for_a_scope() -> None:
    table = Table(collect(fedi.api))
    scopeless = {declared.paths[0] for declared in table.endpoints if declared.auth != "public" and not declared.scopes}
    assert scopeless <= WITH_ANY_SCOPE
