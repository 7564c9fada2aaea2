"""Strict reading of http(s) URIs: a stranger's text is parsed once, here, and the parsed object is passed on.

The check and the connection must never read the same text differently. `urlsplit("https://good\\\\@evil/")` answers
`evil`, strips tabs, and leaves case and trailing dots alone: two readers, two hosts, one hole.
Pure: no lookup, no network.
"""

import ipaddress
import re
from functools import lru_cache

import idna
import msgspec

from fedi.errors import PeerError

MAX_BYTES = 2000
REMEMBERED = 4_096

DEFAULT_PORTS = {"http": 80, "https": 443}

_SHAPE = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]/?#@:]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?"
    r"(?:\?(?P<query>[^#]*))?"
    r"(?:\#(?P<fragment>.*))?",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"[\x00-\x20\x7f-\x9f\s\\\ud800-\udfff]")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_OUTSIDE_ASCII = re.compile(r"[^!#-;=?-\[\]_a-z~]")


class InvalidUriError(PeerError):
    """This is not an http(s) address that can be used."""

    reason = "bad_uri"


class Uri(msgspec.Struct, frozen=True):
    """A parsed address. `host` is lower-case ASCII (IPv6 without brackets), `port` the number that is connected to,
    `target` what stands in the request line, `text` the whole in normal form: the one that is stored and compared.
    """

    scheme: str
    host: str
    port: int
    target: str
    text: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: the value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority: what two documents must share to speak for each other (FEP-fe34)."""
        return f"{self.scheme}://{self.authority}"

    @property
    def document(self) -> "Uri":
        """The same without its fragment: what can be fetched."""
        text, mark, _ = self.text.partition("#")
        return Uri(self.scheme, self.host, self.port, self.target, text) if mark else self


def same_origin(a: Uri, b: Uri) -> bool:
    """Tell whether two addresses have scheme, host and port in common."""
    return (a.scheme, a.host, a.port) == (b.scheme, b.host, b.port)


def parse(text: object, *, fragment: bool = False) -> Uri:
    """Read an http(s) URI (RFC 3986), of at most 2,000 bytes; a fragment is refused unless `fragment` allows it.

    Lower-cases scheme and host, writes the host in IDNA (UTS 46), drops the scheme's own port and percent-encodes what
    is not allowed in a path or query; everything else stays as it was, as ids are compared byte for byte.
    Raises `InvalidUriError`.
    """
    if not isinstance(text, str) or len(text) > MAX_BYTES:
        raise InvalidUriError
    return _parse(text, fragment)


@lru_cache(REMEMBERED)
def _parse(text: str, fragment: bool) -> Uri:
    """One activity names its actor a dozen times, and the same actors come again and again: a third of the work."""
    if _REFUSED.search(text):
        raise InvalidUriError
    match = _SHAPE.fullmatch(text)
    if match is None or (match["fragment"] is not None and not fragment):
        raise InvalidUriError
    scheme = match["scheme"].lower()
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise InvalidUriError
    path = _encoded(match["path"] or "")
    query = "" if match["query"] is None else "?" + _encoded(match["query"])
    mark = "" if match["fragment"] is None else "#" + _encoded(match["fragment"])
    bare = Uri(scheme, _host(match["host"]), port, (path or "/") + query, "")
    whole = f"{bare.origin}{path}{query}{mark}"
    if len(whole) > MAX_BYTES:
        raise InvalidUriError
    return Uri(scheme, bare.host, port, bare.target, whole)


def normal_host(host: str) -> str:
    """Return a host name or address as it stands in a `Uri`; raises `InvalidUriError`. For handles and settings."""
    if not 0 < len(host) <= MAX_BYTES or _REFUSED.search(host):
        raise InvalidUriError
    return _host(host)


def normal_domain(text: str) -> str:
    """Return the domain of a handle, perhaps with a port, in the one form in which it is kept: IDNA in ASCII.

    What can be nobody's domain is returned in small letters: nobody is found there.
    """
    try:
        return text.lower() if re.search(r"[/?#@]", text) else parse(f"https://{text}/").authority
    except InvalidUriError:
        return text.lower()


def _host(host: str) -> str:
    if host.startswith("["):
        try:
            return ipaddress.IPv6Address(host[1:-1]).compressed
        except ValueError:
            raise InvalidUriError from None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise InvalidUriError from None
    host = host.lower()
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise InvalidUriError
    # 2130706433, 0x7f.1 and 127.1 all mean 127.0.0.1 to getaddrinfo: a host that ends in a number must be a plain IPv4.
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise InvalidUriError from None
    return host


def _encoded(part: str) -> str:
    return _OUTSIDE_ASCII.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), part)
