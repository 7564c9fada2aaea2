"""The address a request really comes from.

X-Forwarded-For is written by whoever sends it. Only what a trusted proxy added counts, so the list is read from its end
and believed as long as each hop is trusted (Mastodon CVE-2023-49952: limits were evaded by a forged header).
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
REMEMBERED = 4_096
"""Addresses that are not read again: the same servers and apps come all the time, and to read one takes 9 µs."""


def caller_address(peer: str | None, forwarded: Iterable[str], trusted: Iterable[Network]) -> str | None:
    """Return the caller's address: `peer` is the other end of the connection, `forwarded` the X-Forwarded-For headers.

    None when there is no peer address, as on a unix socket without a proxy that names the caller.
    """
    networks = tuple(trusted)
    address = peer
    for hop in reversed([part.strip() for header in forwarded for part in header.split(",")]):
        if address is not None and not _is_within(address, networks):
            break
        if _parse(hop) is None:
            break
        address = hop
    return address


def block_of(address: str) -> str:
    """Return what a limit should count under: the address, or for IPv6 the /64, which is one customer's anyway."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return address


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed is not None and any(parsed in network for network in networks if network.version == parsed.version)


@lru_cache(REMEMBERED)
def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
