"""Opening an address without being led elsewhere: only http and https, only hosts that the administrator named, no inside
of a network behind a public name.

A redirect is held against the same rules. What counts is the address at the other end of the connection, so a name that
suddenly means an inside address helps nobody. A host on this computer or inside the network is only reached where the
table of addresses names it by its number.
"""

import ipaddress
import socket
from collections.abc import Collection
from http.client import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
    getproxies,
)


class NotAllowed(Exception):
    """An address that is not fetched; the text says why, in Dutch."""


def open_address(address: str, *, headers: dict[str, str], hosts: Collection[str], timeout_s: float) -> HTTPResponse:
    """Open an address on one of these hosts.

    Raises:
        NotAllowed: another kind of address, another host, or an inside address behind a public name.
    """
    require_host(address, hosts)
    request = Request(address, headers=headers)  # noqa: S310 - the kind of address is checked
    return _opener(hosts).open(request, timeout=timeout_s)  # type: ignore[no-any-return]


def require_host(address: str, hosts: Collection[str]) -> None:
    """Refuse an address that is no page of these hosts.

    Raises:
        NotAllowed: with the reason.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise NotAllowed(f"{address} is geen webadres")
    if (parts.hostname or "") not in hosts:
        raise NotAllowed(f"{parts.hostname} staat niet in de lijst met adressen")


def _opener(hosts: Collection[str]) -> OpenerDirector:
    return build_opener(_Redirects(hosts), _Http(), _Https())


class _Redirects(HTTPRedirectHandler):
    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Follow to the same hosts only, and never from https back to http."""
        require_host(newurl, self._hosts)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise NotAllowed(f"{newurl} is niet beveiligd, en de pagina ervoor wel")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        """Open with the connection that looks who answers."""
        return self.do_open(_CarefulHttp, req)  # type: ignore[arg-type]


class _Https(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        """Open with the connection that looks who answers."""
        return self.do_open(_CarefulHttps, req)  # type: ignore[arg-type]


def _connect(host: str, *arguments: Any, **options: Any) -> socket.socket:
    """Connect, and hang up before a word is said where an inside address answers to a public name."""
    line = socket.create_connection(*arguments, **options)
    peer = ipaddress.ip_address(line.getpeername()[0].partition("%")[0])
    if not peer.is_global and not _is_number(host) and host not in _own_proxies():
        line.close()
        raise NotAllowed(f"{host} wijst naar een adres binnen het eigen netwerk ({peer})")
    return line


def _own_proxies() -> set[str]:
    return {urlsplit(address).hostname or "" for address in getproxies().values()}


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class _CarefulHttp(HTTPConnection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = lambda *told, **more: _connect(self.host, *told, **more)


class _CarefulHttps(HTTPSConnection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = lambda *told, **more: _connect(self.host, *told, **more)
