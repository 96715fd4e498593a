"""What is done around all views: pages for readers are made small, writes are made whole.

And strangers send little, and the admin speaks the language of whoever asks.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag
from wagtail.admin.auth import reject_request
from whitenoise.middleware import WhiteNoiseMiddleware

from library import decoding
from pagecache.compression import gzipped
from pagecache.pages import GZIP, SMALLEST, accepted, digest_of
from tenancy.firewall.middleware import is_admin
from users.languages import language_asked

# What is told to be the same for everybody. Without a word of it, browsers keep a 301 and a 410 for
# ever; but what is gone can come back, and what moved can move back.
FOR_EVERYBODY = {200, 301, 404, 410}
MOST_OF_STRANGERS = AT_A_TIME = 64 * 2**10  # bytes
NOTHING_SENT = "The pages here can be read; nothing can be sent to them.\n"


class ContentPolicyMiddleware(CSPMiddleware):
    """Has one policy for readers' pages, another for the admin's; what brings its own keeps it."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if report_only or not is_admin(request):
            return parts
        return replace(parts, config=settings.ADMIN_SECURITY_POLICY)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Answers for all below the address of static files, also for what isn't there.

    So nothing there asks the database, and the page cache lets it past one that hangs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._get_response = get_response
        self.get_response = self._nothing_there

    def _nothing_there(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.STATIC_URL):
            return self._get_response(request)
        headers = {"Cache-Control": "no-store"}
        return HttpResponse("No such file.", "text/plain", 404, headers=headers)


class PatienceMiddleware:
    """Bounds how long a page for readers waits for pictures that the worker hasn't come to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_admin(request):
            return self.get_response(request)
        with decoding.patience(decoding.LONGEST_WAIT):
            return self.get_response(request)


class ReaderCompressionMiddleware:
    """Compresses to the same bytes each time, so that they can have a strong validator.

    Django's own adds random padding against BREACH, an attack on secrets in a compressed page.
    Pages for readers hold none; the admin's pages are left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_admin(request) or not isinstance(response, HttpResponse):
            return response
        if len(response.content) < SMALLEST or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if accepted(request.headers.get("Accept-Encoding", "")) & GZIP:
            response.content = gzipped(response.content)
            response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
        return response


class ReaderValidatorMiddleware(ConditionalGetMiddleware):
    """Gives each answer an ETag of its compressed bytes, and answers 304 to who has them.

    The page cache has its own; here pass what it doesn't keep, as a feed that is very long.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if is_admin(request):
            return response
        if response.status_code in FOR_EVERYBODY:
            response.setdefault("Cache-Control", settings.READER_CACHE_CONTROL)
        robots = response.get("X-Robots-Tag")
        if robots and isinstance(response, HttpResponse) and self.needs_etag(response):
            response.setdefault("ETag", quote_etag(digest_of(response.content, robots)))
        return super().process_response(request, response)


class AdminLanguageMiddleware:
    """Has the admin speak the language that a browser asks for, to whoever hasn't chosen one.

    Wagtail takes the active language then, and knows nobody's choice before they sign in. What
    readers see is in its weblog's language, and the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = language_asked(request) if is_admin(request) else ""
        if not asked:
            return self.get_response(request)
        with translation.override(asked):
            return self.get_response(request)


class SmallBodiesMiddleware:
    """Takes no more than a form's words from whoever isn't signed in, and keeps nothing of more.

    The first that reads a form is what looks for its token (`CsrfViewMiddleware`), which stores on
    the disk whatever files are in it. Pages for readers take nothing at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # What comes without a length is never read.
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= MOST_OF_STRANGERS:
            return self.get_response(request)
        if not is_admin(request):
            return HttpResponse(NOTHING_SENT, "text/plain; charset=utf-8", 413)
        if SESSION_KEY in request.session:
            return self.get_response(request)
        # Who was signed in when they began to write finds out here: a connection that is closed
        # upon what is still being sent might take the answer with it.
        while request.read(AT_A_TIME):
            pass
        try:
            return reject_request(request)
        except PermissionDenied:
            # Django's own answer to it would read the form.
            return HttpResponseForbidden()


class WholeWritesMiddleware:
    """Writes what somebody does to a page as a whole or not at all.

    Publishing takes some hundred statements; a process that dies between two of them would leave an
    entry saved and not published, or published without its history. Uploads are left out: they
    write one row after seconds of work on a picture, for which nobody else should have to wait.

    On SQLite nobody else writes meanwhile, so it begins last of all: when the whole form has
    arrived, however slowly, and its sender is known to be let in.
    """

    WHOLE = ("/admin/pages/", "/admin/bulk/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as request.writes:  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *arguments: Any) -> None:
        if self._is_whole(request) and not getattr(view, "_non_atomic_requests", ()):
            request.writes.enter_context(_whole(request))  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Notice what is to be taken back, also where an error is turned into a sentence."""
        request.has_failed = True  # type: ignore[attr-defined]

    def _is_whole(self, request: HttpRequest) -> bool:
        return request.method == "POST" and request.path_info.startswith(self.WHOLE)


@contextmanager
def _whole(request: HttpRequest) -> Iterator[None]:
    with transaction.atomic():
        yield
        if getattr(request, "has_failed", False):
            transaction.set_rollback(True)
