"""What the page cache has to know of hosts, from process memory."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

from django.conf import settings

from tenancy.hostnames import of_request
from tenancy.hosts import host_table

Environ = dict[str, Any]

DEFAULT_PORTS = {"http": 80, "https": 443}
_proxies = settings.TRUSTED_PROXIES
_is_default_port = DEFAULT_PORTS[settings.PUBLIC_SCHEME] == settings.PUBLIC_PORT
_port = "" if _is_default_port else f":{settings.PUBLIC_PORT}"
_needs_https = bool(getattr(settings, "SECURE_SSL_REDIRECT", False))

# What in a request decides which host it is for.
deciding: tuple[str, ...] = ("HTTP_HOST", "wsgi.url_scheme")
if _proxies:
    deciding += ("REMOTE_ADDR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")


def host_of(environ: Environ) -> str | None:
    """Return the stored form of the host that a request is for.

    None where nobody registered it, or where plain http is answered with a redirect.
    """
    name = environ.get("HTTP_HOST", "")
    scheme = environ["wsgi.url_scheme"]
    if _proxies and environ.get("REMOTE_ADDR") in _proxies:
        name = environ.get("HTTP_X_FORWARDED_HOST") or name
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", scheme)
    if _needs_https and scheme != "https":
        return None
    hostname = of_request(name)
    return hostname if host_table().host_at(hostname) else None


def weblog_id_at(host: str, path: str) -> int | None:
    """Return the id of the weblog that a path on a host lies in, or None outside of weblogs."""
    table = host_table()
    if alias := table.aliases.get(host):
        host = alias.site.hostname
    if own := table.weblogs.get((host, "")):
        return own
    slug = path.split("/", 2)[1] if "/" in path else ""
    return table.weblogs.get((host, slug.encode("latin-1").decode(errors="replace")))  # PEP 3333


def plain_request(host: str, path: str, query: str) -> Environ:
    """Return the request of a reader who sends nothing but an address (PEP 3333)."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": host + _port,
        "SERVER_NAME": host,
        "SERVER_PORT": str(settings.PUBLIC_PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": settings.PUBLIC_SCHEME,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
