import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.negotiation import asks_for_document, asks_for_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
MASTODON = "application/activity+json, application/ld+json"
PROFILE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("accept", "document", "page"),
    [
        (BROWSER, False, True),
        (MASTODON, True, False),
        (PROFILE, True, False),
        ("application/json", True, False),
        ("*/*", False, False),
        ("", False, False),
        ("application/activity+json;q=0.5, text/html", False, True),
        ("text/html;q=0.1, application/activity+json", True, False),
        ("application/activity+json, text/html", True, False),
        ("application/activity+json;q=0, text/html", False, True),
        ("application/activity+json;q=nonsense", True, False),
        ("image/png", False, False),
    ],
)
def test_servers_get_documents_and_browsers_pages(accept: str, document: bool, page: bool) -> None:
    assert (asks_for_document(accept), asks_for_page(accept)) == (document, page)


@given(st.text(max_size=80))
def test_nobody_gets_both(accept: str) -> None:
    assert not (asks_for_document(accept) and asks_for_page(accept))
