"""The request as its signature sees it: header values by lower-case name, method, target and our own address."""

from collections.abc import Iterable, Mapping

import msgspec

from fedi.activitypub.signatures.errors import malformed, refused

MAX_SIGNATURE_HEADER = 8192

# Parts that decide what was said, to whom and when: with two of them a proxy and we might each believe another one.
_SINGLE = frozenset({"host", "date", "digest", "content-digest", "signature", "signature-input", "content-type"})


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What signing strings are made of. `origin` is this server's base URL, by its settings and not by the request."""

    method: str
    target: str
    origin: str
    headers: Mapping[str, str]
    repeated: frozenset[str]

    @property
    def authority(self) -> str:
        return self.origin.partition("://")[2]

    def check_host(self) -> None:
        """Refuse a request that was signed for another server (401)."""
        host = self.header("host").lower()
        default = ":443" if self.origin.startswith("https:") else ":80"
        if host.removesuffix(default) != self.authority:
            raise refused("wrong_host")

    def header(self, name: str) -> str:
        """Return a signed header's value; raises when it is absent (401) or stands twice (400)."""
        if name in self.repeated:
            raise malformed("header_twice")
        try:
            return self.headers[name]
        except KeyError:
            raise refused("signed_header_absent") from None


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], frozenset[str]]:
    """Return header values by lower-case name, and the names that stand twice (400 if it is one that matters)."""
    values: dict[str, str] = {}
    repeated = set()
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        if name in values:
            if name in _SINGLE:
                raise malformed("header_twice")
            repeated.add(name)
        values[name] = raw_value.decode("latin-1").strip(" \t")
    if max(len(values.get("signature", "")), len(values.get("signature-input", ""))) > MAX_SIGNATURE_HEADER:
        raise malformed("signature_too_long")
    return values, frozenset(repeated)
