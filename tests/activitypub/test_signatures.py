"""Requests signed by an independent writer are accepted; each lie is refused for its own reason."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import thread_time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fedi.activitypub import signatures
from fedi.activitypub.signatures import cavage as reading
from fedi.activitypub.vocabulary import uris
from fedi.errors import PeerError
from tests.support import peer_signing
from tests.support.keys import ed25519_key, rsa_key

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
BODY = b'{"type":"Like"}'
ORIGIN = "https://here.example"
KEY_ID = "https://there.example/users/alice#main-key"


def cavage(**changes: Any) -> peer_signing.Headers:
    arguments: dict[str, Any] = {
        "key_id": KEY_ID,
        "method": "POST",
        "target": "/inbox",
        "host": "here.example",
        "date": NOW,
        "body": BODY,
    }
    key = changes.pop("key", None) or rsa_key()
    return peer_signing.cavage(key, **{**arguments, **changes})


def rfc9421(**changes: Any) -> peer_signing.Headers:
    arguments: dict[str, Any] = {
        "key_id": KEY_ID,
        "method": "POST",
        "url": f"{ORIGIN}/inbox",
        "host": "here.example",
        "created": int(NOW.timestamp()),
        "body": BODY,
    }
    key = changes.pop("key", None) or rsa_key()
    return peer_signing.rfc9421(key, **{**arguments, **changes})


def check(
    headers: Sequence[tuple[bytes, bytes]],
    *,
    key: signatures.PrivateKey | None = None,
    method: str = "POST",
    target: str = "/inbox",
    origin: str = ORIGIN,
    body: bytes = BODY,
    now: datetime = NOW,
) -> signatures.SignatureClaim:
    claim = signatures.parse(headers, method=method, target=target, origin=origin, body=body)
    signatures.verify(claim, (key or rsa_key()).public_key(), now)
    return claim


def refusal(headers: Sequence[tuple[bytes, bytes]], **changes: Any) -> tuple[int, str]:
    with pytest.raises(signatures.SignatureError) as caught:
        check(headers, **changes)
    return caught.value.status, caught.value.reason


class TestCavage:
    @pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", "HS2019", None])
    def test_accepts(self, algorithm: str | None) -> None:
        claim = check(cavage(algorithm=algorithm))
        assert claim.form == "cavage"
        assert claim.key_id == uris.parse(KEY_ID, fragment=True)
        assert claim.signed_at == NOW
        assert claim.digest is not None
        assert len(claim.digest) == 32

    def test_accepts_ed25519_as_hs2019(self) -> None:
        check(cavage(algorithm="hs2019", key=ed25519_key()), key=ed25519_key())

    def test_accepts_a_get(self) -> None:
        headers = cavage(method="GET", target="/users/a", body=None)
        claim = check(headers, method="GET", target="/users/a", body=b"")
        assert claim.digest is None

    @pytest.mark.parametrize("signed_target", ["/users/a?page=1", "/users/a"])
    def test_accepts_with_the_query_and_without(self, signed_target: str) -> None:
        headers = cavage(method="GET", target="/users/a?page=1", signed_target=signed_target, body=None)
        check(headers, method="GET", target="/users/a?page=1", body=b"")

    def test_accepts_created_and_expires(self) -> None:
        signed = ["(request-target)", "(created)", "(expires)", "host", "digest"]
        created = int(NOW.timestamp()) - 100
        headers = cavage(
            algorithm="hs2019", date="nonsense", signed=signed, parameters={"created": created, "expires": created + 9}
        )
        claim = check(headers)
        assert claim.signed_at == NOW - timedelta(seconds=100)
        assert claim.expires_at == NOW - timedelta(seconds=91)

    def test_accepts_lower_case_digest_names_and_a_second_algorithm(self) -> None:
        digest = f"sha-512=AAAA,sha-256={peer_signing.sha256_base64(BODY)}"
        check(cavage(headers={"digest": digest}))

    def test_accepts_the_default_port_in_host(self) -> None:
        check(cavage(host="Here.Example:443"))

    def test_s_022_body_changed_after_signing(self) -> None:
        assert refusal(cavage(), body=b'{"type":"Dislike"}') == (401, "digest_mismatch")

    def test_s_022_s_032_signed_for_another_host(self) -> None:
        assert refusal(cavage(host="elsewhere.example")) == (401, "wrong_host")
        assert refusal(cavage(), origin="https://other-tenant.example") == (401, "wrong_host")

    def test_s_032_host_not_signed(self) -> None:
        assert refusal(cavage(signed=["(request-target)", "date", "digest"])) == (401, "target_not_signed")

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"signed": ["(request-target)", "host", "date"]}, "digest_not_signed"),
            ({"headers": {"digest": None}}, "digest_not_signed"),
            (
                {"headers": {"digest": None}, "signed": ["(request-target)", "host", "date", "digest"]},
                "signed_header_absent",
            ),
            ({"headers": {"digest": "MD5=AAAA"}}, "digest_not_sha256"),
            ({"headers": {"digest": "SHA-256=AAAA"}}, "digest_mismatch"),
            ({"headers": {"digest": f"SHA-256={peer_signing.sha256_base64(BODY)},SHA-256=AAAA"}}, "digest_mismatch"),
        ],
    )
    def test_s_025_digest_missing_or_unsigned(self, changes: Mapping[str, Any], reason: str) -> None:
        assert refusal(cavage(**changes)) == (401, reason)

    def test_s_026_replayed_to_another_path_or_method(self) -> None:
        headers = cavage(target="/users/alice/inbox")
        assert refusal(headers, target="/users/bob/inbox") == (401, "signature_mismatch")
        assert refusal(headers, target="/inbox") == (401, "signature_mismatch")
        assert refusal(cavage(signed=["host", "date", "digest"])) == (401, "target_not_signed")
        get = cavage(method="GET", body=None)
        assert refusal(get) == (401, "digest_not_signed")

    @pytest.mark.parametrize(
        ("offset", "outcome"),
        [
            (timedelta(minutes=64), None),
            (timedelta(minutes=66), "date_too_old"),
            (timedelta(hours=13), "date_too_old"),
            (timedelta(minutes=-59), None),
            (timedelta(minutes=-61), "date_in_future"),
            (timedelta(days=-400_000), "date_in_future"),
            (timedelta(days=365 * 56), "date_too_old"),
        ],
    )
    def test_s_028_window(self, offset: timedelta, outcome: str | None) -> None:
        headers = cavage(date=NOW - offset)
        if outcome is None:
            check(headers)
        else:
            assert refusal(headers) == (401, outcome)

    def test_s_028_expiry_counts_up_to_twelve_hours(self) -> None:
        signed = ["(request-target)", "(created)", "(expires)", "host", "digest"]

        def signed_with(life: timedelta) -> peer_signing.Headers:
            created = int(NOW.timestamp())
            seconds = int(life.total_seconds())
            return cavage(
                algorithm="hs2019", signed=signed, parameters={"created": created, "expires": created + seconds}
            )

        check(signed_with(timedelta(hours=2)), now=NOW + timedelta(hours=3))
        assert refusal(signed_with(timedelta(hours=2)), now=NOW + timedelta(hours=3, seconds=1)) == (
            401,
            "date_too_old",
        )
        assert refusal(signed_with(timedelta(days=9)), now=NOW + timedelta(hours=13, seconds=1)) == (
            401,
            "date_too_old",
        )

    @pytest.mark.parametrize("date", ["garbage", "2026-11-20T12:00:00Z", "Fri, 31 Feb 2026 12:00:00 GMT", ""])
    def test_s_028_unreadable_date(self, date: str) -> None:
        assert refusal(cavage(date=date)) == (400, "date_unreadable")

    def test_s_028_date_not_signed(self) -> None:
        assert refusal(cavage(signed=["(request-target)", "host", "digest"])) == (401, "date_not_signed")

    def test_an_expiry_that_is_signed_must_be_said(self) -> None:
        created = int(NOW.timestamp())
        headers = cavage(
            algorithm="hs2019",
            signed=["(request-target)", "(created)", "(expires)", "host", "digest"],
            parameters={"created": created, "expires": created + 60},
        )
        silent = [(name, value.replace(b"expires=", b"ignored=")) for name, value in headers]
        assert refusal(silent) == (400, "date_unreadable")

    def test_created_is_not_for_rsa_sha256(self) -> None:
        signed = ["(request-target)", "(created)", "host", "digest"]
        headers = cavage(signed=signed, parameters={"created": int(NOW.timestamp())})
        assert refusal(headers) == (400, "created_not_allowed")

    @pytest.mark.parametrize("name", [b"Date", b"Host", b"Digest", b"Signature", b"Content-Type"])
    def test_s_031_header_twice(self, name: bytes) -> None:
        headers = cavage()
        value = dict(headers)[name.lower()]
        assert refusal([*headers, (name, value)]) == (400, "header_twice")

    def test_s_031_any_signed_header_twice(self) -> None:
        headers = cavage(headers={"x-note": "1"})
        assert refusal([*headers, (b"X-Note", b"2")]) == (400, "header_twice")

    def test_s_031_name_twice_in_the_list(self) -> None:
        headers = cavage(signed=["(request-target)", "host", "date", "date", "digest"])
        assert refusal(headers) == (400, "signed_headers_unreadable")

    def test_wrong_key_and_wrong_kind_of_key(self) -> None:
        assert refusal(cavage(), key=rsa_key("second")) == (401, "signature_mismatch")
        assert refusal(cavage(), key=ed25519_key()) == (401, "algorithm_mismatch")
        assert refusal(cavage(algorithm="rsa-sha512")) == (401, "algorithm_unknown")

    def test_unsigned(self) -> None:
        assert refusal([(b"host", b"here.example")]) == (401, "unsigned")

    @pytest.mark.parametrize(
        "key_id",
        [
            "acct:alice@there.example",
            "alice",
            "https://good\\@evil/",
            "https://a@there.example/",
            "https://there.example./",
        ],
    )
    def test_s_020_key_id_that_is_no_uri(self, key_id: str) -> None:
        status, reason = refusal(cavage(key_id=key_id))
        assert status == 400
        assert reason in {"key_id_unreadable", "signature_unreadable"}


class TestRfc9421:
    @pytest.mark.parametrize("algorithm", ["rsa-v1_5-sha256", None])
    def test_accepts_rsa(self, algorithm: str | None) -> None:
        claim = check(rfc9421(algorithm=algorithm))
        assert claim.form == "rfc9421"
        assert claim.signed_at == NOW
        assert claim.key_id.text == KEY_ID

    @pytest.mark.parametrize("algorithm", ["ed25519", None])
    def test_accepts_ed25519(self, algorithm: str | None) -> None:
        check(rfc9421(algorithm=algorithm, key=ed25519_key()), key=ed25519_key())

    def test_accepts_a_get_with_a_query(self) -> None:
        headers = rfc9421(method="GET", url=f"{ORIGIN}/users/a?page=1", body=None)
        check(headers, method="GET", target="/users/a?page=1", body=b"")

    def test_accepts_more_components_and_parameters(self) -> None:
        covered = ["@method", "@target-uri", "@authority", "content-digest", "content-type"]
        check(rfc9421(covered=covered, tail=';nonce="a\\"b";tag="x";keep;n=:AAAA:', expires=int(NOW.timestamp()) + 60))

    def test_s_022_body_changed_or_another_host(self) -> None:
        assert refusal(rfc9421(), body=b"{}") == (401, "digest_mismatch")
        assert refusal(rfc9421(host="elsewhere.example")) == (401, "wrong_host")
        assert refusal(rfc9421(url="https://elsewhere.example/inbox")) == (401, "signature_mismatch")

    def test_s_025_digest(self) -> None:
        assert refusal(rfc9421(covered=["@method", "@target-uri"])) == (401, "digest_not_signed")
        assert refusal(rfc9421(headers={"content-digest": "sha-512=:AAAA:"})) == (401, "digest_not_sha256")
        assert refusal(rfc9421(headers={"content-digest": "sha-256=AAAA"})) == (400, "digest_unreadable")

    def test_s_026_target_and_method_are_needed(self) -> None:
        assert refusal(rfc9421(covered=["@method", "content-digest"])) == (401, "target_not_signed")
        assert refusal(rfc9421(covered=["@target-uri", "content-digest"])) == (401, "target_not_signed")
        assert refusal(rfc9421(), target="/users/bob/inbox") == (401, "signature_mismatch")

    def test_s_028_window(self) -> None:
        second = int(NOW.timestamp())
        assert refusal(rfc9421(created=None)) == (401, "date_not_signed")
        assert refusal(rfc9421(created=second - 66 * 60)) == (401, "date_too_old")
        assert refusal(rfc9421(created=second + 61 * 60)) == (401, "date_in_future")
        assert refusal(rfc9421(created=10**14)) == (400, "date_unreadable")
        check(rfc9421(created=second - 3 * 3600, expires=second))
        assert refusal(rfc9421(created=second, expires=second - 3601)) == (401, "date_too_old")

    @pytest.mark.parametrize("component", ["@status", "@query-param", "@unknown", "(created)", "Date"])
    def test_s_037_unknown_component(self, component: str) -> None:
        headers = rfc9421(covered=["@method", "@target-uri", "content-digest", component])
        assert refusal(headers) == (400, "component_unknown")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            (b"signature-input", b'sig1=("@method";req);created=1;keyid="x"'),
            (b"signature-input", b'sig1=("@method" "@method");created=1;keyid="x"'),
            (b"signature-input", b'sig1=("@method" "@target-uri" "content-digest");created=1;created=2;keyid="x"'),
            (b"signature-input", b'sig1=("@method"), sig2=("@method")'),
            (b"signature-input", b'sig1=("@method'),
            (b"signature-input", b""),
            (b"signature", b"sig2=:AAAA:"),
            (b"signature", b"sig1=:A:"),
            (b"signature", b"sig1=AAAA"),
        ],
    )
    def test_s_037_unreadable(self, name: bytes, value: bytes) -> None:
        headers = [(key, value if key == name else old) for key, old in rfc9421()]
        assert refusal(headers)[0] == 400

    def test_wrong_key_and_wrong_kind_of_key(self) -> None:
        assert refusal(rfc9421(), key=rsa_key("second")) == (401, "signature_mismatch")
        assert refusal(rfc9421(algorithm="ed25519")) == (401, "algorithm_mismatch")
        assert refusal(rfc9421(algorithm="rsa-v1_5-sha256"), key=ed25519_key()) == (401, "algorithm_mismatch")
        assert refusal(rfc9421(algorithm="hmac-sha256")) == (401, "algorithm_unknown")


@pytest.mark.parametrize(
    "value",
    [
        b'keyId="a' * 8000,
        ",".join(f'p{"x" * 3}="1"' for _ in range(1000)).encode(),
        b'a="1",' * 1300,
        b'keyId="x",headers="' + b"a " * 3900 + b'",signature="AAAA"',
        b'keyId="' + b"\\" * 4000,
        b"=" * 8000,
        b" " * 8000,
        b'sig1=("' + b'" "' * 2000,
        b"sig1=(" + b" " * 8000,
        b'sig1=("@method");a="' + b"\\\\" * 3900,
        b'sig1=("@method")' + b";a=b" * 1900,
    ],
)
def test_s_037_parser_abuse_is_refused_within_5_ms(value: bytes) -> None:
    rsa_key()  # made before the clock runs
    for headers in (
        [(b"host", b"here.example"), (b"signature", value)],
        [(b"host", b"here.example"), (b"signature", b"sig1=:AAAA:"), (b"signature-input", value)],
    ):
        assert min(_seconds_to_refuse(headers) for _ in range(5)) < 0.005


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (b"".join(b',%s="1"' % (b"x" * length) for length in range(1, 15)), "signature_unreadable"),
        (b',x="' + b"a" * 8_200 + b'"', "signature_too_long"),
    ],
)
def test_s_037_a_signature_that_holds_is_refused_if_it_says_too_much(more: bytes, reason: str) -> None:
    headers = [(name, value + more if name.lower() == b"signature" else value) for name, value in cavage()]
    assert refusal(headers) == (400, reason)


def _seconds_to_refuse(headers: Sequence[tuple[bytes, bytes]]) -> float:
    started = thread_time()
    status, _ = refusal(headers)
    assert status in {400, 401}
    return thread_time() - started


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"signature", b"signature-input", b"date", b"host", b"digest", b"content-digest"]),
            st.binary(max_size=60)
            | st.text(alphabet='sig1=():;,"@method target-uri \\keyIdcreated0', max_size=60).map(str.encode),
        ),
        max_size=6,
    ),
    st.text(max_size=20),
)
def test_either_a_claim_or_a_peer_error(headers: list[tuple[bytes, bytes]], target: str) -> None:
    try:
        signatures.parse(headers, method="POST", target=target, origin=ORIGIN, body=b"")
    except PeerError:
        return


def _posted(form: signatures.Form) -> Mapping[str, str]:
    url = uris.parse("https://there.example/inbox")
    return signatures.sign(form, "POST", url, key_id=KEY_ID, key=rsa_key(), now=NOW, body=BODY)


class TestSigning:
    @pytest.mark.parametrize("form", ["cavage", "rfc9421"])
    @pytest.mark.parametrize("body", [None, BODY])
    @pytest.mark.parametrize("kind", [rsa_key, ed25519_key])
    def test_what_we_sign_we_accept(self, form: signatures.Form, body: bytes | None, kind: Any) -> None:
        url = uris.parse("https://there.example:8443/users/bob/inbox?x=1")
        method = "GET" if body is None else "POST"
        headers = signatures.sign(form, method, url, key_id=KEY_ID, key=kind(), now=NOW, body=body)
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        claim = check(
            encoded, key=kind(), method=method, target=url.target, origin="https://there.example:8443", body=body or b""
        )
        assert claim.form == form
        assert claim.signed_at == NOW

    def test_cavage_headers_as_threads_and_mastodon_want_them(self) -> None:
        headers = _posted("cavage")
        assert headers["Host"] == "there.example"
        assert headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT"
        assert headers["Digest"].startswith("SHA-256=")
        assert headers["Content-Type"] == "application/activity+json"
        assert 'algorithm="rsa-sha256"' in headers["Signature"]
        assert 'headers="(request-target) host date digest content-type"' in headers["Signature"]

    def test_rfc9421_headers(self) -> None:
        headers = _posted("rfc9421")
        assert headers["Signature-Input"] == (
            f'sig1=("@method" "@target-uri" "content-digest");created=1795176000;keyid="{KEY_ID}";alg="rsa-v1_5-sha256"'
        )
        assert headers["Content-Digest"] == f"sha-256=:{peer_signing.sha256_base64(BODY)}:"


_PARAMETERS = (
    f'keyId="{KEY_ID}"',
    'algorithm="rsa-sha256"',
    'algorithm="nonsense"',
    'headers="(request-target) host date digest"',
    'headers="host"',
    'signature="AAAA"',
    'signature="AA"AA"',
    'signature="AA\\AA"',
    'signature="A,signature="',
    "created=1",
    'x="',
    "",
    *(f'p{letter}="1"' for letter in "abcdefghijklmnop"),
)


@given(st.lists(st.sampled_from(_PARAMETERS), max_size=4), st.sampled_from([",", ", ", ",,"]), st.booleans())
@example(parameters=['signature="A,signature="'], between=",", many=True)
def test_what_is_remembered_of_a_header_changes_nothing(parameters: list[str], between: str, many: bool) -> None:
    usual = [f'keyId="{KEY_ID}"', 'algorithm="rsa-sha256"', 'headers="(request-target) host date digest"']
    header = between.join([*(_PARAMETERS[-14:] if many else usual), *parameters, 'signature="BBBB"'])
    headers = [(name, header.encode() if name == b"signature" else value) for name, value in cavage()]

    def outcome() -> Any:
        try:
            return signatures.parse(headers, method="POST", target="/inbox", origin=ORIGIN, body=BODY)
        except PeerError as error:
            return error.reason

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LAST", "\0")
        alone = outcome()
    assert [outcome(), outcome()] == [alone, alone]


def test_what_a_sender_says_each_time_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    check(cavage(), key=rsa_key())
    monkeypatch.setattr(reading, "_state", None)
    check(cavage(), key=rsa_key())
