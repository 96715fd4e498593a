"""Guessing passwords is slow: failed sign-ins are counted, and too many are answered unread.

A wrong password costs as much computing as a right one, half a second of a core, so that the count
also bounds what strangers can have computed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import connections
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_urlconf, set_urlconf
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm

from users.accounts import language_of

log = logging.getLogger(__name__)

MOST_OF_ALL = 40  # failures for any names from one network: as many as an office may have
MOST_MAILS = 3  # an hour to one address
SALT = "users.signing_in"
IPV6_PREFIX = 64  # bits: what one household or server has to itself


class Failures(AxesDatabaseHandler):
    """Counts by name and network, and by network alone; the sum is told in failures of one name."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        of_one, of_all = (count(each) for each in self.get_user_attempts(request, credentials))
        return max(of_one, of_all * settings.AXES_FAILURE_LIMIT // MOST_OF_ALL)

    def reset_attempts(self, *, username: str | None = None, **by: Any) -> int:
        return super().reset_attempts(username=username and nameless(username), **by)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Forget those of who signed in; who has an account couldn't guess others' on and on."""
        of_one, _of_all = self.filter_user_attempts(request, credentials)
        return of_one.delete()[0]


def count(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def name_typed(request: HttpRequest, credentials: dict | None = None) -> str | None:
    """Return what a failure is counted by: into the name's field slips a password now and then."""
    name = (credentials or request.POST).get("username")
    return name and nameless(name)


def nameless(name: str) -> str:
    """Return what stands for a name where it is stored, and can't be guessed without the key."""
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()


def network_of(request: HttpRequest) -> str | None:
    """Return the address from which a request came, of IPv6 that of its network.

    A proxy's word is there only if the settings name that proxy; the last address in it that isn't
    a proxy's own is the one that it saw itself.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = [request.META.get("REMOTE_ADDR", ""), *(address.strip() for address in reversed(told))]
    strangers = [address for address in seen if address and address not in settings.TRUSTED_PROXIES]
    try:
        address = ip_address(strangers[0] if strangers else seen[0])
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if mapped := address.ipv4_mapped:
        return str(mapped)
    network = ip_network((address.packed, IPV6_PREFIX), strict=False)
    return str(network.network_address)


class SignInForm(LoginForm):
    """Asks for what people know themselves by here: mostly their address is their user name."""

    error_messages = {
        **LoginForm.error_messages,
        "invalid_login": gettext_lazy(
            "Your e-mail address (or user name) and password didn't match. Please try again."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("E-mail address (or user name)")
        self.fields["password"].label = _("Password")  # Wagtail's has the name of the field
        name.widget.attrs |= {
            "placeholder": _("Enter your e-mail address"),
            "autocomplete": "username",
            "autocapitalize": "none",
            "inputmode": "email",
        }

    def clean_username(self) -> str:
        """Return the user name of the one account that is meant, by its name or its address.

        Neither is told apart by capitals, which keyboards of phones begin words with.
        """
        typed = self.cleaned_data["username"]
        users = get_user_model()._base_manager.filter(is_active=True)
        for way in ("username", "username__iexact", "email__iexact"):
            names = users.filter(**{way: typed}).values_list("username", flat=True)[:2]
            if len(names) == 1:
                return names[0]
        return typed

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            minutes = settings.AXES_COOLOFF_TIME // timedelta(minutes=1)
            sentence = _("Signing in failed too often from here. Try again in %d minutes.")
            return ValidationError(sentence % minutes, code="too_often")
        return super().get_invalid_login_error()


def too_often(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """Answer with the form, which says why nothing is read."""
    response.status_code = 429
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response


class ResetForm(PasswordResetForm):
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Send the mail, unless the same address was sent several already: the page never tells.

        Nor does the time that it takes: whether there is such an account is looked up later, too.
        """
        cache.add(self.key, 0, timeout=3600)
        if counted(self.key) <= MOST_MAILS:
            later(partial(super().save, *args, **kwargs))

    @property
    def key(self) -> str:
        """Under which the mails to an address are counted."""
        address = sha256(self.cleaned_data["email"].casefold().encode()).hexdigest()
        return f"password-reset-{address}"

    def send_mail(
        self, subject: str, text: str, context: dict, sender: Any, to: str, **others: Any
    ) -> None:
        """Write to each in the language of their account, not that of whoever asked.

        Django's own hides what fails, which isn't counted here.
        """
        with translation.override(language_of(context["user"], settings.LANGUAGE_CODE)):
            title = " ".join(render_to_string(subject, context).split())
            words = render_to_string(text, context)
        try:
            send_mail(title, words, sender, [to])
        except Exception:
            with suppress(ValueError):  # it ran out in between
                cache.decr(self.key)
            raise


behind = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def later(work: Callable[[], None]) -> None:
    """Do something behind the request, in its language and with its URL map."""
    behind.submit(_apart, work, translation.get_language(), get_urlconf())


def _apart(work: Callable[[], None], language: str | None, urls: str | None) -> None:
    set_urlconf(urls)
    try:
        with translation.override(language):
            work()
    except Exception:
        log.exception("A mail couldn't be sent.")
    finally:
        connections.close_all()


def counted(key: str) -> int:
    """Count once more and return the sum, 0 where nobody counts because the cache is away."""
    try:
        return cache.incr(key) or 0
    except ValueError:  # it ran out in between
        return 0
