"""Telling owners and operators by mail what became of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tenancy.models import RoleName
from users.accounts import language_of

if TYPE_CHECKING:
    from tenancy.models import Domain

SUBJECTS = {
    "proven": _("%s leads to your weblog now"),
    "lost": _("%s can't be proven any more"),
    "stopped": _("%s no longer leads to its weblog"),
}


def tell(domain: Domain, what: str) -> None:
    """Mail what happened once it is stored: to owners, and to operators what went wrong."""
    belongs = Q(groups__role__tenancy__weblog=domain.weblog_id, groups__role__name=RoleName.OWNER)
    if what != "proven":
        belongs |= Q(is_superuser=True)
    people = get_user_model()._base_manager.filter(belongs, is_active=True).exclude(email="")
    by_address = {person.email: person for person in people.order_by("email", "-pk")}
    weblog = domain.weblog.specific
    path = reverse("address", args=[domain.weblog_id], urlconf="blogsite.urls")
    context = {
        "domain": domain,
        "what": what,
        "weblog": weblog,
        "link": settings.WAGTAILADMIN_BASE_URL + path,
        "platform": settings.WAGTAIL_SITE_NAME,
    }
    mails = []
    # A mail to each, in their language, so that nobody reads the addresses of the others.
    for address, person in by_address.items():
        otherwise = settings.LANGUAGE_CODE if person.is_superuser else weblog.language
        with translation.override(language_of(person, otherwise)):
            text = render_to_string("tenancy/mail/domain.txt", context)
            mails.append(EmailMessage(str(SUBJECTS[what]) % domain, text, None, [address]))
    transaction.on_commit(lambda: _send(mails), robust=True)


def _send(mails: list[EmailMessage]) -> None:
    get_connection(fail_silently=True).send_messages(mails)
