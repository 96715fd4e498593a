"""The operator's weblogs: a list of all, a form that makes one, and the states they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.utils import get_valid_next_url_from_request

from blog.languages import known_language, language_choices
from blog.models import BlogEntryPage, BlogIndexPage
from blog.models.weblog import time_zone_choices
from pages.models import WEBLOGS_DEPTH
from tenancy.finding import owners_of, page_at, place_at, weblogs_with
from tenancy.forms import GuidingForm
from tenancy.hostnames import host_in
from tenancy.models import State, Tenancy
from tenancy.provisioning import create_weblog
from tenancy.registration import ProvisioningError
from tenancy.states import NotAllowed, may_become, set_state
from tenancy.storage import quota_of, with_storage
from tenancy.views.doors import of_owner
from tenancy.views.people import tell_of_mail
from themes.manifest import DEFAULT, theme_choices

if TYPE_CHECKING:
    from users.models import User

PER_PAGE = 50


def operator_only(user: Any) -> None:
    """Let nobody but operators pass. The firewall closes these screens to others before."""
    if not user.is_superuser:
        raise PermissionDenied


class NewWeblogForm(GuidingForm):
    title = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=253,
        help_text=gettext_lazy("One word for a free address below the platform's, or a domain."),
    )
    email = forms.EmailField(label=gettext_lazy("The owner's e-mail address"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=language_choices)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=time_zone_choices)
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=theme_choices,
        initial=DEFAULT,
        widget=forms.RadioSelect,
    )

    @property
    def host(self) -> str:
        """The whole name of the host; one word stands below the platform's."""
        address = host_in(self.cleaned_data["address"]).rstrip(".")
        return address if "." in address else f"{address}.{settings.PLATFORM_HOSTNAME}"


class NewWeblogView(FormView):
    template_name = "tenancy/new_weblog.html"
    form_class = NewWeblogForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        operator_only(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the operator has: mostly they know each other."""
        language = known_language(get_language() or "")
        return {"language": language, "time_zone": timezone.get_current_timezone_name()}

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(platform=settings.PLATFORM_HOSTNAME, **kwargs)

    def form_valid(self, form: NewWeblogForm) -> HttpResponse:
        told = form.cleaned_data
        try:
            weblog = create_weblog(
                told["title"],
                host=form.host,
                invite=told["email"],
                invited_by=self.request.user,  # type: ignore[arg-type]
                theme=told["theme"],
                language=told["language"],
                time_zone=told["time_zone"],
            )
        except ProvisioningError as error:
            form.add_error("address", str(error))
            return self.form_invalid(form)
        words = _("“%(title)s” lives at %(address)s now.")
        said = {"title": weblog.title, "address": weblog.full_url}
        messages.success(self.request, words % said)
        tell_of_mail(self.request, [weblog.invitation])
        return redirect("weblogs")


def all_weblogs() -> QuerySet[Tenancy]:
    """Return every weblog with its last entry and the bytes that it stores, by one query."""
    entries = BlogEntryPage.objects.filter(in_weblog=OuterRef("weblog_id"), live=True)
    last = entries.order_by("-date", "-pk").values("date")[:1]
    zones = BlogIndexPage.objects.filter(pk=OuterRef("weblog_id")).values("time_zone")
    # Subqueries, which are asked for the weblogs of one page of the list alone.
    weblogs = Tenancy.objects.select_related("weblog").annotate(
        last_entry=Subquery(last), time_zone=Subquery(zones)
    )
    # Naming the depth lets the database find them in this order.
    weblogs = weblogs.filter(weblog__depth=WEBLOGS_DEPTH)
    return with_storage(weblogs).order_by("weblog__title", "pk")


def weblog_rows(tenancies: Iterable[Tenancy], user: User) -> list[tuple]:
    """Return what a list shows of each weblog: itself, its address, quota, next states, owners."""
    tenancies = list(tenancies)
    owners = owners_of(tenancies)
    return [
        (
            tenancy,
            tenancy.weblog.full_url,
            quota_of(tenancy.quota),
            [(state, tenancy.act_to(state)) for state in may_become(tenancy, user)],
            owners.get(tenancy.pk, []),
        )
        for tenancy in tenancies
    ]


class WeblogsView(TemplateView):
    template_name = "tenancy/weblogs.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        operator_only(self.request.user)
        query = self.request.GET.get("q", "").replace("\0", "").strip()[:300]
        tenancies = all_weblogs()
        if query:
            tenancies = tenancies.filter(weblogs_with(query))
        place = place_at(query)
        if (state := self.request.GET.get("state", "")) in State:
            tenancies = tenancies.filter(state=state)
        page = Paginator(tenancies, PER_PAGE).get_page(self.request.GET.get("p"))
        rows = weblog_rows(page, self.request.user)  # type: ignore[arg-type]
        return super().get_context_data(
            **{"page": page, "rows": rows, "query": query},
            **{"there": page_at(place) if place else None, "here": self.request.get_full_path()},
            **{"state": state, "states": State.choices, **kwargs},
        )


class StateView(TemplateView):
    """Asks once more before a weblog's state changes, and changes it."""

    template_name = "tenancy/state.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        user: User = request.user  # type: ignore[assignment]
        self.tenancy = of_owner(user, kwargs["weblog_id"])
        if kwargs["state"] not in may_become(self.tenancy, user):
            raise Http404("There is no such state.")
        self.state = State(kwargs["state"])

    def get_context_data(self, **kwargs: Any) -> dict:
        weblog: BlogIndexPage = self.tenancy.weblog
        is_operator = self.request.user.is_superuser
        return super().get_context_data(
            weblog=weblog,
            next=self.state,
            act=self.tenancy.act_to(self.state),
            consequence=self.state.consequence(is_operator),
            way_back=self.way_back,
            asks_why=is_operator and self.state != self.tenancy.restored_state,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:300]
        try:
            set_state(self.tenancy, self.state, by=request.user, reason=reason)  # type: ignore[arg-type]
        except NotAllowed as error:
            raise Http404("Somebody else was faster.") from error
        told = {"title": self.tenancy.weblog.title, "state": self.state.label}
        messages.success(request, _("“%(title)s”: %(state)s") % told)
        return redirect(self.way_back)

    @property
    def way_back(self) -> str:
        """The list that led here, with its page and filter."""
        home = "weblogs" if self.request.user.is_superuser else "wagtailadmin_home"
        return get_valid_next_url_from_request(self.request) or reverse(home)
