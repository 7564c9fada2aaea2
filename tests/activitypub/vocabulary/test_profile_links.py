"""Which fields of a profile are a link and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.activitypub.vocabulary.profile_links import MOST, link_in, links_of
from fedi.descriptions import Field


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ('<a href="https://a.example/" rel="me">a.example</a>', "https://a.example/"),
        ("<p><a rel=\"me\" href='https://a.example/?x=1&amp;y=2'><span>a</span></a></p>", "https://a.example/?x=1&y=2"),
        (' <a href="http://a.example">a</a> ', "http://a.example"),
        ('me: <a href="https://a.example/">a</a>', ""),
        ('<a href="https://a.example/">a</a> <a href="https://b.example/">b</a>', ""),
        ('<a href="javascript:alert(1)">a</a>', ""),
        ("https://a.example/", ""),
        (f'<a href="https://a.example/{"x" * 3000}">a</a>', ""),
        ("", ""),
    ],
)
def test_link(value: str, url: str) -> None:
    assert link_in(Field(name="x", value=value)) == url


def test_links_are_few_and_each_once() -> None:
    fields = [Field(name="x", value=f'<a href="https://{n % 20}.example/">x</a>') for n in range(50)]
    assert len(links_of(fields)) == MOST


@given(st.text(alphabet='<a href="https://x.example"> </a>p', max_size=400))
def test_any_value_is_read(value: str) -> None:
    assert link_in(Field(name="x", value=value)) == "" or "<a" in value
