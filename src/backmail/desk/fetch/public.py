"""Tells addresses of the public internet from those of this machine, its network and its cloud."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

__all__ = ["Address", "is_public"]

Address: TypeAlias = IPv4Address | IPv6Address

# IANA gives out global addresses from here alone; the rest is local, or not given out (RFC 4291, 2.4).
_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last four bytes
_MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291, 2.5.5.2
_6TO4 = IPv6Network("2002::/16")  # RFC 3056: an IPv4 address in bytes 2 to 5
# Within the global ones: tunnels, tests and examples, which end nobody knows where. Not every Python knows all of them.
_SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16")))
_SPECIAL_4 = tuple(map(IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4")))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, with an IPv4 address that is hidden in it."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _SPECIAL_4)
    if address.scope_id is not None:
        return False
    number = int(address)
    if address in _NAT64 or address in _MAPPED:
        return is_public(IPv4Address(number & 0xFFFFFFFF))
    if address in _6TO4:
        return is_public(IPv4Address(number >> 80 & 0xFFFFFFFF))
    return address in _GLOBAL and address.is_global and not any(address in network for network in _SPECIAL_6)
