"""No address of this machine, its network or its cloud is ever taken for a public one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.desk.fetch import is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1",  # noqa: S104
        "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "fe80::1", "fe80::1%2", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1",
        "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2002:c0a8:101::1", "4000::1", "e000::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:400f::200e", "64:ff9b::8.8.8.8",
     "::ffff:8.8.8.8", "2002:808:808::1"],
)  # fmt: skip
def test_a_public_address_is_taken(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_taken_that_is_not_global(address: IPv4Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not any((address.is_multicast, address.is_reserved, address.is_link_local, address.is_loopback))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_wherever_it_is_hidden(address: IPv4Address) -> None:
    number = int(address)
    hidden = (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80 | 1)
    assert [is_public(IPv6Address(each)) for each in hidden] == [is_public(address)] * 3


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_taken_that_is_not_global(address: IPv6Address) -> None:
    hidden = address.ipv4_mapped or address.sixtofour or (int(address) >> 32 == 0x64FF9B << 64)
    if is_public(address) and not hidden:
        assert address.is_global
        assert int(address) >> 125 == 1
        assert not any((address.is_multicast, address.is_reserved, address.is_site_local, address.teredo))
