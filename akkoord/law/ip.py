"""IP addresses are cut short before they touch a disk or a log.

/24 and /48 make less of it, not nothing: a cut address is still treated as personal data
(C-582/14 Breyer; AVG 5(1)(c)).
"""

from __future__ import annotations

import ipaddress

PREFIX_4 = 24
PREFIX_6 = 48


def truncate_ip(text: str) -> str | None:
    """The address with the host part made zero: /24 for IPv4, /48 for IPv6; no address: None.

    An IPv6 address that only wraps an IPv4 address (mapped, or 6to4, which has it in its first
    48 bits) is cut as that IPv4 address, else all of it would survive. A zone, a port and
    brackets go. An address cut before stays as it is.
    """
    try:
        address = ipaddress.ip_address(_bare(text.strip()))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    prefix = PREFIX_4 if address.version == 4 else PREFIX_6
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    return str(network.network_address)


def _bare(text: str) -> str:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("/")[0].partition("%")[0]
