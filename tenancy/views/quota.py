"""How much a weblog may store: for the operator to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.log_actions import log

from tenancy.forms import GuidingForm
from tenancy.models import Tenancy
from tenancy.storage import quota_in_words, quota_of, storage_of
from tenancy.views.weblogs import operator_only

MEGABYTE = 2**20


class QuotaForm(GuidingForm):
    megabytes = forms.IntegerField(
        label=gettext_lazy("Quota in megabytes"),
        required=False,
        min_value=0,
        max_value=2**40,
        help_text=gettext_lazy("Empty: what the platform's settings say. 0: no limit."),
    )


class QuotaView(FormView):
    template_name = "tenancy/quota.html"
    form_class = QuotaForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        operator_only(request.user)
        tenancies = Tenancy.objects.select_related("weblog")
        self.tenancy = get_object_or_404(tenancies, weblog=kwargs["weblog_id"])

    def get_initial(self) -> dict:
        quota = self.tenancy.quota
        return {"megabytes": None if quota is None else quota // MEGABYTE}

    def get_context_data(self, **kwargs: Any) -> dict:
        storage = storage_of(Tenancy.objects.filter(pk=self.tenancy.pk))[self.tenancy.weblog_id]
        default = settings.STORAGE_QUOTA
        return super().get_context_data(
            weblog=self.tenancy.weblog, storage=storage, default=default, **kwargs
        )

    def form_valid(self, form: QuotaForm) -> HttpResponse:
        told = form.cleaned_data["megabytes"]
        self.tenancy.quota = None if told is None else told * MEGABYTE
        self.tenancy.save(update_fields=["quota"])
        quota = quota_of(self.tenancy.quota)
        user = self.request.user
        log(self.tenancy.weblog, "weblog.quota", user=user, data={"bytes": quota})
        messages.success(
            self.request,
            _("Storage of “%(title)s”: %(quota)s")
            % {"title": self.tenancy, "quota": quota_in_words(quota)},
        )
        return redirect("weblogs")
