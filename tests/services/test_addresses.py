"""The table of addresses: only plain global unicast is reached, unless the operator says otherwise."""

import ipaddress

import pytest

from fedi.services.addresses import allowed
from fedi.settings import LOOPBACK

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "223.255.255.254",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "2001:4860::1",
]

SPECIAL = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3ffe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_s_049_public_addresses_on_web_ports_only(address: str) -> None:
    assert allowed(address, 443, ())
    assert allowed(address, 80, ())


@pytest.mark.parametrize("port", [0, 22, 25, 5432, 6379, 8080, 11211, 65535])
def test_s_058_other_ports(port: int) -> None:
    assert not allowed("8.8.8.8", port, LOOPBACK)


@pytest.mark.parametrize("address", SPECIAL)
def test_s_046_s_047_s_049_special_addresses(address: str) -> None:
    assert not allowed(address, 443, ())


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "8.8.8.8/32", "[::1]"])
def test_what_is_no_address(text: str) -> None:
    assert not allowed(text, 443, (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")))


def test_s_056_networks_that_the_operator_allows_on_any_port() -> None:
    assert allowed("127.0.0.1", 3001, LOOPBACK)
    assert allowed("::1", 6379, LOOPBACK)
    assert not allowed("::ffff:127.0.0.1", 443, LOOPBACK)
    assert not allowed("10.0.0.1", 443, LOOPBACK)
    assert allowed("10.1.2.3", 8080, (ipaddress.ip_network("10.1.0.0/16"),))
