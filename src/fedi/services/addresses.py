"""Which addresses outgoing requests may reach: a table of our own.

Python's `ipaddress` is no gate: `is_global` is True for NAT64 and 6to4 forms of loopback, `::127.0.0.1`, `fec0::` and
multicast, and `is_private` is False for carrier-grade NAT. Pure; from the IANA special-purpose address registries.
"""

import ipaddress

from fedi.settings.kinds import Networks

PORTS = frozenset({80, 443})

_REFUSED_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

# Only 2000::/3 is given out as global unicast. All that maps, translates or tunnels IPv4 in other prefixes (::/96,
# ::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local, site-local and multicast lie outside it.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the old 6bone
        "3fff::/20",  # documentation
    )
)


def allowed(address: str, port: int, private: Networks) -> bool:
    """Tell whether a connection to an IP address (as text) and port may be opened.

    `private` are the networks that the operator permits nevertheless, on any port; everywhere else only 80 and 443.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in private):
        return True
    return port in PORTS and _is_public(ip)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_IPV4)
    return ip in _GLOBAL_IPV6 and ip.scope_id is None and not any(ip in network for network in _REFUSED_IPV6)
