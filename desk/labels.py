"""A weblog's tags and authors: renamed, put together and deleted by its owners and editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.log_actions import log

from blog.listings import LABELS, RELATIONS
from blog.models.labels import LONGEST_NAME, cleaned
from blog.renaming import named_alike, put_together, rename
from tenancy.forms import GuidingForm
from tenancy.views.doors import of_editor
from tenancy.views.sure import ask, is_sure

if TYPE_CHECKING:
    from blog.models import Author, Tag
    from users.models import User

    Base = View
else:
    Base = object

PER_PAGE = 50
TITLES = {"tag": gettext_lazy("Tags"), "author": gettext_lazy("Authors")}
ICONS = {"tag": "tag", "author": "user"}


class OfLabels(Base):
    """Mixed into views of the labels of one kind, `tag` or `author`, of one weblog."""

    kind = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        user: User = request.user  # type: ignore[assignment]
        self.weblog = of_editor(user, kwargs["weblog_id"]).weblog.specific
        labels: Any = LABELS[self.kind].objects
        self.labels = labels.filter(weblog_id=self.weblog.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        told = {"kind": self.kind, "title": TITLES[self.kind], "icon": ICONS[self.kind]}
        return context | told | {"weblog": self.weblog}


class LabelsView(OfLabels, TemplateView):
    template_name = "desk/labels.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        query = self.request.GET.get("q", "").strip()[:LONGEST_NAME]
        labels = self.labels.filter(name__icontains=query) if query else self.labels
        labels = self._with_entries(labels).order_by(Lower("name"), "pk")
        page = Paginator(labels, PER_PAGE).get_page(self.request.GET.get("p"))
        delete = f"delete_{self.kind}"
        return super().get_context_data(page=page, query=query, delete=delete, **kwargs)

    def _with_entries(self, labels: QuerySet) -> QuerySet:
        """Tell of each label how many entries have it, and whether readers find one of them."""
        filed = labels.model.entries.through.objects.filter(**{self.kind: OuterRef("pk")})
        number = filed.order_by().values(self.kind).annotate(number=Count("pk")).values("number")
        listed = self.weblog.entries().filter(**{RELATIONS[self.kind]: OuterRef("pk")})
        # Subqueries, which are asked for the labels of one page of the list alone.
        return labels.annotate(number=Subquery(number), is_read=Exists(listed))


class OfLabel(OfLabels):
    """Mixed into views of one label, which end on the page of the list that they came from."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.label: Any = get_object_or_404(self.labels, pk=kwargs[f"{self.kind}_id"])

    @property
    def way_back(self) -> str:
        here = reverse(f"{self.kind}s", args=[self.weblog.pk])
        return get_valid_next_url_from_request(self.request) or here

    def done(self, act: str, said: str, **names: str) -> HttpResponse:
        """Write down and say what was done, and go back."""
        log(self.weblog, act, user=self.request.user, data=names)
        messages.success(self.request, said)
        return redirect(self.way_back)


class LabelForm(GuidingForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    slug = forms.SlugField(
        label=capfirst(gettext_lazy("slug")),
        max_length=LONGEST_NAME,
        allow_unicode=True,
        required=False,
        help_text=gettext_lazy(
            "The last part of the address. Left empty, it is made of the name. "
            "Earlier addresses lead to the new one."
        ),
    )

    def clean_name(self) -> str:
        if name := cleaned(self.cleaned_data["name"]):
            return name
        raise ValidationError(self.fields["name"].error_messages["required"])

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()


class LabelView(OfLabel, FormView):
    """Gives a label another name; if it is another one's, asks whether to put them together."""

    template_name = "desk/label.html"
    form_class = LabelForm

    def get_initial(self) -> dict:
        """Show no slug that is the name's: it follows the name."""
        name, slug = self.label.name, self.label.slug
        return {"name": name, "slug": "" if slug == self.label.slug_for(name) else slug}

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(label=self.label, back=self.way_back, **kwargs)

    def form_valid(self, form: LabelForm) -> HttpResponse:
        if not form.has_changed():
            return redirect(self.way_back)
        name = form.cleaned_data["name"]
        slug = form.cleaned_data["slug"] or self.label.slug_for(name)
        if other := named_alike(self.label, name, slug):
            return self._put_together(other)
        names = {"earlier": self.label.name, "name": name}
        try:
            rename(self.label, name, slug)
        except IntegrityError:  # another one got this slug a moment ago
            self.label.refresh_from_db()
            return self.form_valid(form)
        said = _("“%(earlier)s” is called “%(name)s” now.") % names
        return self.done("weblog.label_renamed", said, **names)

    def _put_together(self, other: Tag | Author) -> HttpResponse:
        names = {"earlier": self.label.name, "name": other.name}
        if not is_sure(self.request):
            number = self.label.entries.count()
            consequence = ngettext(
                "“%(name)s” is there already. %(number)s entry that has “%(earlier)s” gets it in "
                "its place, and the earlier address leads there.",
                "“%(name)s” is there already. %(number)s entries that have “%(earlier)s” get it in "
                "its place, and the earlier address leads there.",
                number,
            )
            told = f"{consequence % (names | {'number': number})} {_('Nothing brings it back.')}"
            return ask(self.request, _("Put together"), names["earlier"], told, self.way_back)
        put_together(self.label, other)
        said = _("What had “%(earlier)s” has “%(name)s” now.") % names
        return self.done("weblog.labels_put_together", said, **names)


class DeleteLabelView(OfLabel, View):
    """Asks once more before a label is deleted, and deletes it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        number = self.label.entries.count()
        consequence = ngettext(
            "%(number)s entry loses it, and its address leads nowhere.",
            "%(number)s entries lose it, and its address leads nowhere.",
            number,
        )
        drafts = _("Changes that aren't published yet may lose it, too.")
        told = f"{consequence % {'number': number}} {drafts} {_('Nothing brings it back.')}"
        return ask(request, _("Delete"), self.label.name, told, self.way_back)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_sure(request):
            return self.get(request)
        self.label.delete()
        name = self.label.name
        return self.done("weblog.label_deleted", _("“%s” is gone for good.") % name, removed=name)
