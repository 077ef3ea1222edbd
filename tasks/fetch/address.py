"""May this host be asked?

A listing on the web must not make us ask machines of our own network, so private, loopback and link-local addresses
are refused after the name was resolved, for every connection, redirects included; and the connection goes to the very
address that was looked at.
"""

from __future__ import annotations

import os
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from filings.errors import TryAgain, UnusableInput

ALLOW_PRIVATE_SETTING = "YUSUAN_ALLOW_PRIVATE_ADDRESSES"
"""Environment variable: ``1`` lets fetches go to private addresses (an intranet mirror); ``loopback`` to this machine
only (a test)."""


def allowed_private_addresses() -> str:
    """What the operator lets fetches go to besides public addresses: ``1``, ``loopback``, or nothing."""
    return os.environ.get(ALLOW_PRIVATE_SETTING, "")


def resolve_allowed(host: str, port: int) -> list[str]:
    """The addresses of a host, in the resolver's order; refused unless all of them are public.

    Whoever connects must connect to one of these, not to the name: it may resolve otherwise the next time.

    Raises:
        UnusableInput: ``private_address``.
        TryAgain: ``unreachable``: the name does not resolve.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise TryAgain(
            "unreachable", f"the name {host} does not resolve ({error}); check the address and the network"
        ) from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in answers))
    for address in addresses:
        require_public_address(address, host)
    return addresses


def require_public_address(address: str, host: str) -> None:
    """Refuse an address that is not public.

    Raises:
        UnusableInput: ``private_address``.
    """
    allowed = allowed_private_addresses()
    looked_at = ip_address(address.partition("%")[0])
    if allowed == "1" or (allowed == "loopback" and looked_at.is_loopback):
        return
    if not _is_public(looked_at):
        raise UnusableInput(
            "private_address",
            f"{host} is at {address}, an address inside a private network; if that is meant, set "
            f"{ALLOW_PRIVATE_SETTING}=1",
        )


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return _is_public(inner)
        if address in _NAT64:
            return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


_NAT64 = IPv6Network("64:ff9b::/96")
"""Prefix under which IPv6-only networks reach IPv4 (RFC 6052)."""
