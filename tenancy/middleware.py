"""The first thing that sees a request: which host is it for, and does that host exist?"""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_urlconf, set_urlconf
from django.utils import translation

from tenancy.health import health
from tenancy.hostnames import of_request
from tenancy.hosts import HostTable, host_table, platform_address
from tenancy.models import State

PLAIN = "text/plain; charset=utf-8"
FORWARDED = ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR")
PREVIEWS = "/-/preview/"


class HostMiddleware:
    """Sets ``request.host`` and the URL map, or ends the request.

    A host that nobody registered is answered 421 (RFC 9110, 15.5.20), an alias by a redirect to
    the canonical host, and so is a path below which a weblog lived before it had a host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        believe_the_proxy(request)
        if answer := health(request):
            return answer
        if has_nul(request):
            return HttpResponse("This request holds a character that none can have.\n", PLAIN, 400)
        hostname = of_request(request.META.get("HTTP_HOST", ""))
        table = host_table()
        if answer := misdirected(request, hostname, table) or moved(request, hostname, table):
            return answer
        request.host = table.hosts.get(hostname)
        if request.host and (answer := closed(request, table)):
            return answer
        request._wagtail_site = request.host and request.host.site
        is_admin = hostname == settings.ADMIN_HOSTNAME
        request.urlconf = "blogsite.urls" if is_admin else "blogsite.reader_urls"
        if not is_admin and not getattr(request, "is_dummy", False):
            # Readers have no session: one that they claim is neither looked for nor taken back.
            # A writer's preview is no reader's request.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        outer = get_urlconf()
        try:
            return self.get_response(request)
        finally:
            # A preview is a request within a request; the outer one keeps its own URL map.
            set_urlconf(outer)


def believe_the_proxy(request: HttpRequest) -> None:
    """Take the host from a proxy that the settings name; forget what anybody else claims."""
    if request.META.get("REMOTE_ADDR") in settings.TRUSTED_PROXIES:
        if forwarded := request.META.get("HTTP_X_FORWARDED_HOST"):
            request.META["HTTP_HOST"] = forwarded
    else:
        for header in FORWARDED:
            request.META.pop(header, None)


def has_nul(request: HttpRequest) -> bool:
    """Tell whether address or cookies hold a NUL, which nothing has and PostgreSQL refuses."""
    return (
        "\0" in request.path_info
        or "%00" in request.META.get("QUERY_STRING", "")
        or "\\000" in request.META.get("HTTP_COOKIE", "")  # how a quoted cookie spells it
    )


def misdirected(request: HttpRequest, hostname: str, table: HostTable) -> HttpResponse | None:
    if table.host_at(hostname) or hostname == settings.ADMIN_HOSTNAME:
        return None
    return HttpResponse("There is no weblog at this address.\n", PLAIN, 421)


def moved(request: HttpRequest, hostname: str, table: HostTable) -> HttpResponse | None:
    """Redirect in one step from an alias, and from a path where a weblog lived before."""
    host = table.host_at(hostname)
    if host is None:
        return None
    path = request.get_full_path()
    slug = path.partition("?")[0].split("/")[1]
    if root := table.moved.get((host.site.pk, unquote(slug))):
        rest = path[len(slug) + 1 :]
        return _redirect(request, root + (rest if rest.startswith("/") else f"/{rest}"))
    return _redirect(request, host.site.root_url + path) if hostname in table.aliases else None


def closed(request: HttpRequest, table: HostTable) -> HttpResponse | None:
    """Say that a weblog is closed for a while (503, RFC 9110, 15.6.4) or was deleted (410).

    Not to its people, who go on writing: the admin and the signed key allowed them their previews.
    """
    if getattr(request, "is_dummy", False):
        return None  # what Wagtail puts a preview together with; nobody sends such a one
    if request.path_info.startswith((settings.STATIC_URL, PREVIEWS)):
        return None  # STATIC_URL: what that page looks like
    site = request.host.site.pk
    slug = request.path_info.removeprefix("/").partition("/")[0]
    told = table.closed.get((site, "")) or (slug and table.closed.get((site, slug)))
    if not told:
        return None
    is_gone = told.state == State.TRASHED
    context = {"by_operator": told.by_operator, "platform": platform_address()}
    with translation.override(told.language):
        page = render_to_string(f"tenancy/{'gone' if is_gone else 'suspended'}.html", context)
    answer = HttpResponse(page, status=410 if is_gone else 503)
    answer["Cache-Control"] = "no-cache"  # browsers keep a 410 for ever otherwise
    if not is_gone:
        answer["Retry-After"] = "3600"
    return answer


def _redirect(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect for good; anything but reading keeps its method (RFC 9110, 15.4.9)."""
    status = 301 if request.method in ("GET", "HEAD") else 308
    # A weblog can come back, and browsers keep such answers for ever otherwise.
    headers = {"Location": address, "Cache-Control": settings.READER_CACHE_CONTROL}
    return HttpResponse(status=status, headers=headers)
