"""Old addresses of a weblog's pages and labels lead to where they are now."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.encoding import escape_uri_path, iri_to_uri

from blog.links import pages_gone, pages_to_link
from blog.listings import LABELS, by_label
from blog.models import BlogIndexPage, EarlierSlug, Redirect
from blog.models.redirect import LONGEST_PATH
from blog.slugs import is_reserved
from pages.models import BasePage
from pages.permissions import CLOSED

LABEL = re.compile(r"/(?P<kind>tag|category|author)/(?P<slug>[\w-]+)(?:/(?P<rest>.*))?")


class OldAddressMiddleware:
    """Looks a missing address up among the redirects of the weblog that it lies in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.method in ("GET", "HEAD"):
            return old_address(request) or response
        return response


def old_address(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to what used to be at the request's address: a page, a list, a weblog.

    Raises:
        Http404: a page was, and lies in the trash; the request says so to the page that tells it.
    """
    weblog, path = place_of(request)
    if weblog is None:
        return _below_front_page(request)
    if redirect := _redirect(weblog.pk, path):
        return _leading(request, redirect)
    return _label(request, weblog, path) or _below_its_slug(request, weblog, path)


def _redirect(root_id: int, *paths: str) -> Redirect | None:
    """Return the redirect of the longest of the paths that has one."""
    old_paths = [path for path in map(Redirect.normalised, paths) if len(path) <= LONGEST_PATH]
    left = Redirect.objects.filter(weblog_id=root_id, old_path__in=old_paths)
    return max(left, key=lambda redirect: len(redirect.old_path), default=None)


def _leading(request: HttpRequest, redirect: Redirect, rest: str = "") -> HttpResponse | None:
    """Return the answer to a redirect; ``rest`` lies in the weblog that it leads to."""
    page = pages_to_link().filter(pk=redirect.page_id).first()
    if page is None:
        if pages_gone().filter(pk=redirect.page_id).exists():
            request.is_gone = True  # type: ignore[attr-defined]
            raise Http404
        return None
    address = page.get_full_url(request)
    if not address or (rest and page.pk != page.weblog_id):
        return None  # below a front page that has no host, or of a page that had nothing below it
    return _moved(request, f"{address}{escape_uri_path(rest.lstrip('/'))}")


def _below_front_page(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to a page that was below the front page, or into a weblog that was."""
    site = getattr(request, "_wagtail_site", None)
    if site is None or site.root_page.specific_class.is_weblog:
        return None
    path = request.path_info
    slug, _, rest = path.removeprefix("/").partition("/")
    redirect = _redirect(site.root_page_id, path, slug)
    if redirect is None:
        return None
    is_whole = redirect.old_path == Redirect.normalised(path)
    return _leading(request, redirect, "" if is_whole else rest)


def _label(request: HttpRequest, weblog: BlogIndexPage, path: str) -> HttpResponse | None:
    """Return a redirect to a label with entries, or its feed, if its slug was another.

    None where a label has that slug now: it answers for itself. So does a category without entries;
    a tag or author of drafts alone is there for nobody.
    """
    if not (asked := LABEL.fullmatch(path)):
        return None
    kind, slug = asked["kind"], asked["slug"]
    had_it = EarlierSlug.objects.filter(
        weblog_id=weblog.pk, slug=slug, **{f"{kind}__isnull": False}
    )
    if not (latest := had_it.select_related(kind).order_by("-pk").first()):
        return None
    label = getattr(latest, kind)
    own = type(label).objects.filter(weblog_id=weblog.pk, slug=slug)
    if kind in LABELS:
        own = own.filter(entries__in=weblog.entries().order_by())
    if own.exists():
        return None
    try:
        there = by_label(weblog, kind, label.slug).path
    except Http404:
        return None
    address = f"{weblog.get_full_url(request)}{there}{asked['rest'] or ''}"
    return _moved(request, iri_to_uri(address))


def _below_its_slug(request: HttpRequest, weblog: BlogIndexPage, path: str) -> HttpResponse | None:
    """Return a redirect from the path that a weblog had before it had a host of its own.

    Links in its texts that name no host were written with it: `/carol/first-light/#dawn`.
    """
    slug, _, rest = path.removeprefix("/").partition("/")
    if slug != weblog.slug or path != request.path_info:
        return None
    return _moved(request, f"{weblog.get_full_url(request)}{escape_uri_path(rest.lstrip('/'))}")


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


Place = tuple[BlogIndexPage | None, str]


def place_of(request: HttpRequest) -> Place:
    """Return the published weblog that an address lies in, if in one, and the path inside it.

    Both the page that says that nothing is there and the look for an old address ask for it.
    """
    if not hasattr(request, "_place"):
        site = getattr(request, "_wagtail_site", None)
        nowhere = None, request.path_info
        place = _weblog_of_path(site.root_page, request.path_info) if site else nowhere
        request._place = place  # type: ignore[attr-defined]
    return request._place  # type: ignore[attr-defined]


def _weblog_of_path(root: BasePage, path: str) -> Place:
    # The root comes from process memory and may be older than the weblog's settings.
    weblogs = BlogIndexPage.objects.readable().exclude(tenancy__state__in=CLOSED)
    if root.specific_class.is_weblog:
        return weblogs.filter(pk=root.pk).first(), path
    slug, _, rest = path.removeprefix("/").partition("/")
    if is_reserved(slug):
        return None, path  # the admin's, for instance
    return weblogs.child_of(root).filter(slug=slug).first(), f"/{rest}"
