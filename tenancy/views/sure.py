"""Asking once more before something that a click can't take back."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def is_sure(request: HttpRequest) -> bool:
    return "sure" in request.POST


def ask(
    request: HttpRequest, act: str, whom: str, consequence: str, back: str = ""
) -> HttpResponse:
    """Ask whether somebody is sure; who is sends the same form again, who isn't goes back."""
    sent = [each for each in request.POST.items() if each[0] != "csrfmiddlewaretoken"]
    told = {"act": act, "whom": whom, "consequence": consequence, "sent": sent, "back": back}
    return TemplateResponse(request, "tenancy/sure.html", told)
