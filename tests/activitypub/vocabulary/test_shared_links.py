"""Which page a post shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.activitypub.vocabulary.shared_links import shared_link

PAGE = '<a href="https://News.example/a?b=1&amp;c=2#top" rel="nofollow noopener"><span>news</span></a>'


@pytest.mark.parametrize(
    "content",
    [
        f"<p>Look: {PAGE}</p>",
        f'<p><a href="https://here.example/@ann" class="u-url mention">@<span>ann</span></a> {PAGE}</p>',
        f'<p><a href="https://here.example/tags/cats" rel="tag">cats</a> {PAGE}</p>',
        f'<p><a href="https://here.example/tags/cats">#<span>cats</span></a> {PAGE}</p>',
        f"<p><A HREF=https://there.example/ann>@ann@there.example</A> {PAGE}</p>",
        f'<p class="quote-inline">RE: <a href="https://there.example/1">x</a></p><p>{PAGE}</p>',
        f'<p><a href="mailto:a@b.example">mail</a> <a href="javascript:1">x</a> {PAGE}</p>',
        f'<p><a href="https://there.example/quoted">it</a> {PAGE}</p>',
    ],
)
def test_the_first_link_to_a_page_counts(content: str) -> None:
    assert shared_link(content, {"https://there.example/quoted"}) == "https://news.example/a?b=1&c=2"


@pytest.mark.parametrize("content", ["", "<p>no</p>", "<a>none</a>", '<a href="">x</a>', "<a href=x", "a <a b"])
def test_posts_without_a_page_share_none(content: str) -> None:
    assert shared_link(content) == ""


def test_thousands_of_links_cost_no_more_than_some() -> None:
    assert shared_link('<a href="https://x.example" class="mention">' * 50_000) == ""


@given(st.text(alphabet="<a href=\"'>htps:/x.e #@", max_size=200))
def test_whatever_the_text_nothing_is_raised(content: str) -> None:
    assert isinstance(shared_link(content), str)
