"""Answers to forms that the editor's scripts send instead of the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

REMEMBERED = 5  # forms of one session that were taken
ARRIVED = "arrived"


class SentByScriptMiddleware:
    """Tells a script where a form that was taken leads to, by a status and an address.

    A browser doesn't let scripts read a redirect; following it would use up the page that tells
    what was done. The address is remembered under the id that the script gave the form (its header
    `Sent-By-Script`), in case the answer is lost on its way.
    """

    REDIRECTS = {302, 303}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent = request.headers.get("Sent-By-Script", "")[:36]
        if request.method == "POST" and sent and response.status_code in self.REDIRECTS:
            response.status_code = 204
            user = getattr(request, "user", None)  # none where nothing was read
            if user and user.is_authenticated:
                before = request.session.get(ARRIVED, [])
                request.session[ARRIVED] = [*before, [sent, response["Location"]]][-REMEMBERED:]
        return response


def place_of_sent(request: HttpRequest, sent: str) -> str:
    """Return where a form of this session led, or nothing if it isn't known to have been taken."""
    return dict(request.session.get(ARRIVED, [])).get(sent, "") if sent else ""
