"""What passes the gate can be stored and read back; everything else is a `PeerError`, never another error."""

import json as stdlib
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fedi.activitypub.vocabulary import json
from fedi.errors import PeerError


def test_reads_a_document() -> None:
    body = '{"type": "Note", "content": "\\u003cp\\u003eß\\ud83d\\ude00\\\\u0000", "n": -1.5e3, "to": []}'.encode()
    assert json.parse(body) == {"type": "Note", "content": "<p>ß😀\\u0000", "n": -1500.0, "to": []}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"nonsense", "bad_json"),
        (b"{", "bad_json"),
        (b"{} {}", "bad_json"),
        (b'{"a": "\xff"}', "bad_json"),
        (b'{"a": "\xed\xa0\x80"}', "bad_json"),
        (b'\xef\xbb\xbf{"a": 1}', "bad_json"),
        ('{"a": 1}'.encode("utf-16"), "bad_json"),
        (b'{"a": "\n"}', "bad_json"),
        (b'{"a": "\x00"}', "bad_json"),
        (b"[]", "json_no_object"),
        (b'"text"', "json_no_object"),
        (b"null", "json_no_object"),
        (b'{"actor": 1, "actor": 2}', "json_duplicate_key"),
        (b'{"o": [{"id": 1, "\\u0069d": 2}]}', "json_duplicate_key"),
        (b'{"a": "x\\u0000"}', "json_nul"),
        (b'{"a\\u0000": 1}', "json_nul"),
        (b'{"a": ["\\ud800"]}', "json_surrogate"),
        (b'{"\\udc00\\ud800": 1}', "json_surrogate"),
        (b'{"a": "\\ude00\\ud83d"}', "json_surrogate"),
        (b'{"a": NaN}', "json_number"),
        (b'{"a": -Infinity}', "json_number"),
        (b'{"a": 1e999999}', "json_number"),
        (b'{"a": 9223372036854775808}', "json_number"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "json_number"),
        (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", "json_too_deep"),
        (b'{"a": ' + b"[" * 24_000 + b"]" * 24_000 + b"}", "bad_json"),
        (b'{"a": [' + b'{"":0},' * 100_000 + b"0]}", "json_too_many_parts"),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}', "json_too_large"),
    ],
)
def test_s_043_refuses(body: bytes, reason: str) -> None:
    with pytest.raises(PeerError) as caught:
        json.parse(body)
    assert caught.value.reason == reason
    assert caught.value.status == (413 if reason == "json_too_large" else 400)


def test_allowed_depth() -> None:
    json.parse(b'{"a": ' + b"[" * 31 + b"]" * 31 + b"}")


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=20,
)
_fragments = st.sampled_from(
    [
        '{"a":',
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "\\ud800",
        "\\u0000",
        "\\u00e9",
        "1e400",
        "-0",
        "NaN",
        "é",
        "\x00",
        '"b":1',
        " ",
    ]
)


@given(st.binary(max_size=40) | st.lists(_fragments, max_size=12).map(lambda parts: "".join(parts).encode()))
@example(b'{"a":1}')
def test_either_a_dict_or_a_peer_error(body: bytes) -> None:
    try:
        document = json.parse(body)
    except PeerError:
        return
    assert msgspec.json.decode(body) == document
    assert b"\\u0000" not in msgspec.json.encode(document)


@given(st.dictionaries(_text, _values, max_size=5), st.booleans())
def test_what_is_in_range_passes_unchanged(document: dict[str, Any], escaped: bool) -> None:
    body = stdlib.dumps(document, ensure_ascii=escaped).encode()
    if b"9223372036854775808" in body or b"Infinity" in body:
        return
    assert json.parse(body) == document


_NUMBERS = st.integers(-(2**64), 2**65) | st.floats(allow_nan=False) | st.booleans() | st.none()
_DOCUMENTS = st.dictionaries(
    st.text(max_size=3),
    st.recursive(
        _NUMBERS | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def outcome(body: bytes) -> Any:
    try:
        return json.parse(body)
    except PeerError as error:
        return error.reason


@given(_DOCUMENTS, st.booleans(), st.sampled_from([b"", b" ", b'"a":1,', b'"a":0.10,', b'"a":1e2,', b'"a":-0,']))
@example({"a": 2**63}, False, b"")
@example({"": 1}, False, b'"":1,')
def test_what_is_read_quickly_is_what_is_read_slowly(document: dict[str, Any], escaped: bool, more: bytes) -> None:
    body = stdlib.dumps(document, separators=(",", ":"), ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    body = body[:1] + (more.rstrip(b",") if body == b"{}" else more) + body[1:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json, "_read_plain", lambda _: None)
        slowly = outcome(body)
    assert repr(outcome(body)) == repr(slowly)


def test_a_plain_document_is_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "_decoder", None)
    assert json.parse('{"a":["ß",1,-2.5,true,null,{"b":"\\n\\""}]}'.encode()) == {
        "a": ["ß", 1, -2.5, True, None, {"b": '\n"'}]
    }
