"""What pages for readers get on their way out: compression and validators."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware

# What is told to be the same for everybody. Without a word of it, browsers keep a 301 and a 410 for
# ever; but what is gone can come back, and what moved can move back.
FOR_EVERYBODY = {200, 301, 404, 410}


def is_for_readers(request: HttpRequest) -> bool:
    return not request.path_info.startswith("/admin/")


class ReaderCompressionMiddleware(GZipMiddleware):
    """Compresses to the same bytes each time, so that they can have a strong validator.

    Django adds random padding against BREACH, an attack on secrets in a compressed page. Pages for
    readers hold none; the admin's pages are left alone.
    """

    max_random_bytes = 0

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_for_readers(request):
            return response
        return super().process_response(request, response)


class ReaderValidatorMiddleware(ConditionalGetMiddleware):
    """Gives each answer an ETag of its compressed bytes, and answers 304 to who has them."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_for_readers(request):
            return response
        if response.status_code in FOR_EVERYBODY:
            response.setdefault("Cache-Control", settings.READER_CACHE_CONTROL)
        return super().process_response(request, response)
