"""Whether this process lives, and whether it can answer; on any host, for machines."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

PLAIN = "text/plain; charset=utf-8"


def health(request: HttpRequest) -> HttpResponse | None:
    """Answer `/-/livez` and `/-/readyz`; None for any other path."""
    match request.path_info:
        case "/-/livez":
            response = HttpResponse("alive\n", PLAIN)
        case "/-/readyz":
            response = _readyz()
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
