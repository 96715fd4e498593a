"""What machines ask, on any host: does this process live, can it answer, which hosts exist?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from tenancy.hostnames import HostnameError, stored
from tenancy.hosts import host_table

PLAIN = "text/plain; charset=utf-8"


def health(request: HttpRequest) -> HttpResponse | None:
    """Answer `/-/livez`, `/-/readyz` and `/-/tls-ask`; None for any other path."""
    match request.path_info:
        case "/-/livez":
            response = HttpResponse("alive\n", PLAIN)
        case "/-/readyz":
            response = _readyz()
        case "/-/tls-ask":
            response = _tls_ask(request)
        case _:
            return None
    response["Cache-Control"] = "no-store"
    return response


def _readyz() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", PLAIN, 503)
    return HttpResponse("ready\n", PLAIN)


def _tls_ask(request: HttpRequest) -> HttpResponse:
    """Say 200 for a host that is served and may have a certificate, to whoever knows the token.

    The host table lies in process memory: anybody can have a proxy ask, by any name they like.
    """
    given = request.GET.get("token", "")
    known = settings.MACHINE_TOKEN
    if known and constant_time_compare(given, known) and _is_served(request.GET.get("domain", "")):
        return HttpResponse("yes\n", PLAIN)
    return HttpResponse("no\n", PLAIN, 404)


def _is_served(name: str) -> bool:
    try:
        hostname = stored(name)
    except HostnameError:
        return False
    table = host_table()
    host = table.host_at(hostname)
    if host is None:
        return hostname == settings.ADMIN_HOSTNAME
    return (host.site.pk, "") not in table.closed
