"""Answers to forms that the editor's scripts send instead of the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SentByScriptMiddleware:
    """Tells a script where a form that was taken leads to, by a status and an address.

    A browser doesn't let scripts read a redirect; following it would use up the page that tells
    what was done.
    """

    REDIRECTS = {302, 303}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_by_script = request.method == "POST" and "Sent-By-Script" in request.headers
        if is_by_script and response.status_code in self.REDIRECTS:
            response.status_code = 204
        return response
