"""Which addresses of the network may be fetched from: those that anybody on the internet can reach.

A page names its links, a feed its articles and a server where it redirects to: without this check any of them could
have Parley ask the router, a cloud's metadata service or a database beside it.
"""

import ipaddress
import socket

from graph.errors import FetchError

__all__ = ["is_public", "public_addresses"]

#: IPv6 addresses of these networks stand for the IPv4 address in their last 32 bits (RFC 6052, section 2.1).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet (as the registries of RFC 6890 have it).

    >>> is_public("93.184.215.14"), is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def public_addresses(host: str, port: int) -> list[str]:
    """Look a host up and return its addresses, each of which is public.

    A host with one address that is not is refused as a whole: nobody has one foot in the internet by honest design.

    :raises FetchError: if one of its addresses is not public.
    :raises OSError: if there is no such host.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "no host name") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not is_public(address):
            raise FetchError(
                f"{host}: its address {address} is not public",
                "set PARLEY_FETCH_PRIVATE=1 if pages of your own network are to be read",
            )
    return addresses
