"""Where a weblog lives: a free address at once, a domain of one's own once it is proven."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.log_actions import log

from pages.permissions import READ_ONLY
from tenancy.addresses import Name, names_of, remove_name, take_subdomain
from tenancy.domains import GRACE, ask_for, check
from tenancy.hostnames import shown
from tenancy.models import Domain
from tenancy.registration import ProvisioningError, give_host
from tenancy.views.doors import of_owner

if TYPE_CHECKING:
    from users.models import User

BETWEEN_CHECKS = timedelta(seconds=5)  # of a weblog, however often a button is pressed


class AddressView(TemplateView):
    """Shows a weblog's hosts to its owners. Every change is a POST that names its `act`."""

    template_name = "tenancy/address.html"
    acts = ("take", "ask", "check", "withdraw", "use", "remove")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.user: User = request.user  # type: ignore[assignment]
        self.tenancy = of_owner(self.user, kwargs["weblog_id"])
        self.weblog = self.tenancy.weblog

    def get_context_data(self, **kwargs: Any) -> dict:
        names = names_of(self.weblog)
        return super().get_context_data(
            **{
                "weblog": self.weblog,
                "address": self.weblog.full_url,
                "names": names,
                "has_free_name": any(name.is_free for name in names),
                "domains": self.weblog.domains.filter(proven_at=None),
                "platform": settings.PLATFORM_HOSTNAME,
                "platform_addresses": settings.PLATFORM_ADDRESSES,
                "grace": GRACE,
                "is_fixed": self.is_fixed,
                **kwargs,
            }
        )

    @property
    def is_fixed(self) -> bool:
        return self.tenancy.state in READ_ONLY and not self.user.is_superuser

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act")
        if act not in self.acts or self.is_fixed:
            raise Http404("There is no such act.")
        try:
            getattr(self, act)()
        except ProvisioningError as error:
            field = {"take": "name", "ask": "domain"}.get(act, "")
            if not field:
                messages.error(request, str(error))
                return redirect("address", self.weblog.pk)
            typed = request.POST.get(field, "")[:253]
            return self.render_to_response(
                self.get_context_data(**{f"{field}_error": str(error), f"typed_{field}": typed})
            )
        return redirect("address", self.weblog.pk)

    def take(self) -> None:
        before = self._main_name()
        taken = take_subdomain(self.weblog, self.request.POST.get("name", ""), self.user)
        now = self._main_name()
        if before is None:
            self._say(_("This weblog is read at %s now."), now)
        elif now == before:
            self._say(_("%(taken)s leads to this weblog now."), {"taken": shown(taken)})
        else:
            words = _(
                "This weblog is read at %(now)s now. %(before)s goes on leading to it; to go back, "
                "press “Live here” beside that name."
            )
            self._say(words, {"now": now, "before": before})

    def ask(self) -> None:
        domain = ask_for(self.weblog, self.request.POST.get("domain", ""), self.user)
        self._say(_("Make the records for %s where you bought the domain."), domain)

    def check(self) -> None:
        domain, now = self._domain(), timezone.now()
        if self.weblog.domains.filter(checked_at__gt=now - BETWEEN_CHECKS).exists():
            raise ProvisioningError(_("We looked a moment ago. Try again in a few seconds."))
        # Noted before, too: slow name servers shall not hold more than one request of a weblog.
        self.weblog.domains.filter(pk=domain.pk).update(checked_at=now)
        domain = check(domain, self.user)
        if domain.proven_at and not domain.lost_at:
            self._say(_("%s is proven. This weblog lives there now."), domain)
        else:
            messages.warning(self.request, f"{domain}: {domain.get_problem_display()}")

    def withdraw(self) -> None:
        domain = self._domain()
        if domain.proven_at:
            raise Http404("It is in use.")
        domain.delete()
        log(self.weblog, "weblog.domain_withdrawn", user=self.user, data={"host": str(domain)})

    def use(self) -> None:
        name = self._name()
        give_host(self.weblog, name.hostname, self.user)
        self._say(_("This weblog lives at %s now."), name)

    def remove(self) -> None:
        name = self._name()
        if not name.is_removable:
            raise ProvisioningError(_("This weblog lives there. Take another name first."))
        remove_name(self.weblog, name, self.user)
        self._say(_("%s no longer leads to this weblog."), name)

    def _say(self, sentence: str, what: object) -> None:
        messages.success(self.request, sentence % what)

    def _main_name(self) -> str | None:
        names = names_of(self.weblog)
        return str(names[0]) if names else None

    def _domain(self) -> Domain:
        pk = self.request.POST.get("domain", "")
        return get_object_or_404(self.weblog.domains, pk=pk if pk.isdecimal() else 0)

    def _name(self) -> Name:
        wanted = self.request.POST.get("host", "")
        for name in names_of(self.weblog):
            if name.hostname == wanted:
                return name
        raise Http404("There is no such name here.")
