import pytest

from fedi.registry.redirects import OUT_OF_BAND, is_acceptable, with_answer


@pytest.mark.parametrize(
    "uri",
    [
        OUT_OF_BAND,
        "https://app.example/cb?x=1",
        "http://localhost:8080/",
        "tusky://oauth",
        "com.app:/cb",
        "icecubesapp://",
    ],
)
def test_what_apps_use_is_acceptable(uri: str) -> None:
    assert is_acceptable(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/relative",
        "app.example/cb",
        "javascript:alert(1)",
        "JavaScript://x/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://x",
        "https://app.example/cb#fragment",
        "https://user@app.example/",
        "https://user:pass@app.example/",
        "https:///cb",
        "https:cb",
        "https://[::1/",
        "https://app.example/a b",
        "https://app.example/\r\nX: y",
        "https://app.example\\@evil.example/",
        "https://app.example/é",
        "x:" + "a" * 2000,
    ],
)
def test_s_103_what_is_dangerous_or_unclear_is_not(uri: str) -> None:
    assert not is_acceptable(uri)


def test_answer_is_added_and_nothing_else_changed() -> None:
    answer = {"code": "c/d", "state": None}
    assert with_answer("app://", answer) == "app://?code=c%2Fd"
    assert (
        with_answer("https://a/b?x=1+2&y", {"error": "e", "state": "ü&="})
        == "https://a/b?x=1+2&y&error=e&state=%C3%BC%26%3D"
    )
