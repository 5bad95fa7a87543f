"""Which addresses may be asked, and which machines may be reached.

An address is taken apart once, here; connection and request are made from these parts, so that no second reader can
understand another host than the one that was checked.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote, urljoin, urlsplit

from portico.errors import InputError
from portico.messages import has_controls

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_LONGEST_HOST = 253
_LONGEST = 8_000
_SHOWN = 120
_LEFT_AS_IS = "%/:=&?~+!$,;'@()*[]-._"


class Standing(StrEnum):
    """Where an IP address stands: open to all, reached only by name and leave, or never."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


_PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
# This network, link-local, protocol assignments, documentation, old relays, benchmarks, multicast, reserved, and where
# clouds hand out the keys of a machine. The registries are IANA's; Python's own tables differ from version to version.
_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "3fff::/20"),
        *("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32"),
    )
)
_GLOBAL_6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def standing(address: IPAddress) -> Standing:
    """Say where ``address`` stands; one that carries an IPv4 address inside stands no better than that.

    >>> [standing(ipaddress.ip_address(one)).value for one in ("8.8.8.8", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe")]
    ['public', 'private', 'never']
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return standing(address.ipv4_mapped)
        inner = _carried(address)
        if inner is not None:
            return Standing.PUBLIC if standing(inner) is Standing.PUBLIC else Standing.NEVER
    if any(address in network for network in _NEVER if network.version == address.version):
        return Standing.NEVER
    if any(address in network for network in _PRIVATE if network.version == address.version):
        return Standing.PRIVATE
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_6:
        return Standing.NEVER
    return Standing.PUBLIC


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a translator or a 6to4 relay would reach by ``address``."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: host in ASCII and lower case (IPv6 without brackets), target the path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what stands in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address. It may hold a key: for machines, not for messages."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """The address for people: without its query, and not long."""
        return shown(self.url)

    @property
    def last_name(self) -> str:
        """The last part of the path, decoded; nothing where the path ends in a slash."""
        return unquote(self.target.partition("?")[0].rpartition("/")[2], errors="replace")

    def follow(self, location: str, *, allow_http: bool) -> Address:
        """Return where ``location`` in this address's answer leads. Raises InputError where it must not be followed."""
        found = read(urljoin(self.url, location), allow_http=allow_http or self.scheme == "https")
        if self.scheme == "https" and found.scheme == "http":
            raise InputError("fetch-downgrade", host=self.host, to=found.host)
        return found


def read(url: str, *, allow_http: bool = True) -> Address:
    """Take ``url`` apart. Raises InputError for what is no web address, has a password in it, or is http unasked.

    Any port may be named but 0. A fragment is dropped; blanks and letters beyond ASCII are escaped.

    >>> read("HTTPS://Città.example:443/a b.csv?q=è#top").url
    'https://xn--citt-3na.example/a%20b.csv?q=%C3%A8'
    """
    text = url.strip(" \t\r\n")
    if len(text) > _LONGEST or has_controls(text) or any(one in text for one in "\t\r\n\\"):
        raise InputError("fetch-bad-address", address=shown(text))
    try:
        parts = urlsplit(text)
        port = parts.port
        host = host_name(parts.hostname or "")
        target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_LEFT_AS_IS)
    except ValueError as error:
        raise InputError("fetch-bad-address", address=shown(text)) from error
    if parts.scheme not in _USUAL_PORTS:
        raise InputError("fetch-bad-scheme", address=shown(text))
    if "@" in parts.netloc:
        raise InputError("fetch-credentials", host=host)
    if not host or port == 0:
        raise InputError("fetch-bad-address", address=shown(text))
    if parts.scheme == "http" and not allow_http:
        raise InputError("fetch-http", host=host)
    return Address(parts.scheme, host, port or _USUAL_PORTS[parts.scheme], target)


def host_name(host: str) -> str:
    """Return ``host`` as it is compared and connected to; nothing for what is no host. Raises ValueError likewise.

    >>> host_name("WWW.Città.example."), host_name("[::0001]")
    ('www.xn--citt-3na.example', '::1')
    """
    name = host.strip("[]").lower().removesuffix(".")
    if ":" in name:
        return "" if "%" in name else str(ipaddress.IPv6Address(name))
    if not name.isascii():
        import idna  # noqa: PLC0415 - large tables, needed for few hosts

        name = idna.encode(name, uts46=True).decode("ascii")
    return name if _HOST.fullmatch(name) and len(name) <= _LONGEST_HOST else ""


def shown(url: str, longest: int = _SHOWN) -> str:
    """Return ``url`` for people: no password, no query, no control characters, not longer than ``longest``.

    >>> shown("https://me:secret@host.example/file.csv?key=123")
    'https://…@host.example/file.csv?…'
    """
    text = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in url[:_LONGEST])
    text = re.sub(r"//[^/?#]*@", "//…@", text)
    text = re.sub(r"\?.*", "?…", text.partition("#")[0])
    return text if len(text) <= longest else text[: longest - 1] + "…"
