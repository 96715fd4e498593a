"""The forms in which weblogs and entries are written."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminTagWidget

from blog.blocks import BodyBlock
from blog.category_tree import grow, line_of, runs_in_circles, walk
from blog.models.labels import LONGEST_NAME, Author, Category
from blog.names import BETWEEN, join_names, split_names
from pages.chosen import ChoosingForm

SUGGESTIONS = 500
MOST_NAMES = 100
DEEPEST_CATEGORY = 10
A_DATE = "2026-11-30 10:00"  # as the forms show and the calendars write it
BETWEEN_YEARS = gettext_lazy("Choose a date between the years 2 and 9998.")


def is_in_calendar(moment: datetime) -> bool:
    """Tell whether a moment has a date in every time zone, as none at the calendar's ends has."""
    try:
        return 1 < moment.astimezone(UTC).year < 9999
    except OverflowError:
        return False


class NamesWidget(AdminTagWidget):
    """Wagtail's tag input, offering the weblog's own names and asking no address for them."""

    suggestions: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        options = json.loads(context["widget"]["attrs"]["data-w-tag-options-value"])
        options["autocomplete"] = {"source": self.suggestions, "delay": 0}
        options["singleFieldDelimiter"] = BETWEEN
        context["widget"]["attrs"] |= {
            "data-w-tag-options-value": json.dumps(options),
            "data-w-tag-url-value": "",
        }
        context["widget"]["help_text"] = _("A comma ends a name, which may have spaces.")
        return context


class NamesField(forms.CharField):
    """Names separated by commas, standing for labels of one weblog that may not exist yet."""

    widget = NamesWidget

    def prepare_value(self, value: Any) -> str:
        return join_names(split_names(value) if isinstance(value, str) else value or [])

    def clean(self, value: Any) -> list[str]:
        names = split_names(super().clean(value) or "")
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(
                _("These are %(number)d names: at most %(most)d fit.")
                % {"number": len(names), "most": MOST_NAMES}
            )
        for name in names:
            if len(name) > LONGEST_NAME:
                raise forms.ValidationError(
                    _("“%s” is too long: a name has at most 100 characters.")
                    % Truncator(name).chars(30)
                )
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = split_names(self.prepare_value(initial))
        return sorted(before) != sorted(split_names(data or ""))


class InWeblogsTime(ChoosingForm):
    """Shows and reads times as those of the weblog's own time zone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(self.weblog.time_zone) if self.weblog else None
        if self.zone:
            for name in {"go_live_at", "expire_at", "date"} & set(self.fields):
                field = self.fields[name]
                zone = _("The time zone is %(zone)s.") % {
                    "zone": self.weblog.get_time_zone_display()
                }
                pattern = _("Write it like this: %(date)s.") % {"date": A_DATE}
                field.help_text = f"{zone} {pattern}"
                field.prepare_value = self._in_zone(field.prepare_value)
                field.clean = self._unless_shown(name, field)

    def full_clean(self) -> None:
        if self.zone:
            with timezone.override(self.zone):
                super().full_clean()
        else:
            super().full_clean()

    def _in_zone(self, prepare: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def prepared(value: Any) -> Any:
            with timezone.override(self.zone):
                return prepare(value)

        return prepared

    def _unless_shown(self, name: str, field: forms.Field) -> Callable[[Any], Any]:
        """Keep a moment whose text comes back as it was shown.

        In the hour that the clocks repeat in autumn a text stands for two moments.
        """
        clean = field.clean

        def cleaned(value: Any) -> Any:
            moment = self.initial.get(name)
            shown = moment and field.widget.format_value(field.prepare_value(moment))
            if shown and value == shown:
                return moment
            moment = clean(value)
            if moment and not is_in_calendar(moment):
                raise forms.ValidationError(BETWEEN_YEARS)
            if moment and name == "go_live_at" and moment < timezone.now():
                raise forms.ValidationError(_("This is past. Leave it empty to publish at once."))
            return moment

        return cleaned


class UnderATitle(InWeblogsTime):
    """What is written begins with its title, of which its address makes itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False  # the page makes one of its title
            self.fields["slug"].help_text = _("The last part of the page’s address.")
        if "title" in self.fields:
            self.fields["title"].help_text = ""  # a title explains itself

    def clean_title(self) -> str:
        """Keep a title in one line, though what it is written in shows it in several."""
        lines = map(str.strip, self.cleaned_data["title"].splitlines())
        return " ".join(filter(None, lines))

    def clean_slug(self) -> str:
        """Leave a slug that the title made to the page, which finds a free one.

        The editor fills it in while a title is typed and can't know that it is taken or reserved.
        """
        slug = self.cleaned_data["slug"]
        title = self.cleaned_data.get("title", "")
        if slug and slug == slugify(title, allow_unicode=True) and slug != self.instance.slug:
            return ""
        return slug


class BlogEntryForm(UnderATitle):
    tags = NamesField(label=gettext_lazy("Tags"), required=False)
    authors = NamesField(label=gettext_lazy("Authors"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields and not self.instance.body:
            # To type into; by its id, comparing what was saved knows that it is the same one.
            first = {"type": "paragraph", "value": "", "id": str(uuid4())}
            self.initial["body"] = BodyBlock().normalize([first])
        if "date" in self.fields:
            self._leave_date_open(self.fields["date"])
            if self.initial["date"] and self.initial["date"] == self.initial.get("go_live_at"):
                self.initial["go_live_at"] = None  # it follows the date, also back
        for name in ("tags", "authors"):
            if name in self.fields:
                self.fields[name].widget.suggestions = self._names(name)
        if "authors" in self.fields and not self.instance.pk and self.for_user:
            name = self.for_user.own_name[:LONGEST_NAME]
            self.initial["authors"] = [Author.called(self.weblog, name) if self.weblog else name]
        if "categories" in self.fields:
            categories = self.fields["categories"].queryset
            self.fields["categories"].widget = forms.CheckboxSelectMultiple(
                choices=[
                    (category.pk, "– " * depth + category.name)
                    for category, depth in walk(grow(categories))
                ]
            )

    def clean(self) -> dict:
        self._wait_for_the_date()
        cleaned = super().clean()
        if "date" in cleaned and not cleaned["date"]:
            self.instance.dates_itself = not self.instance.first_published_at
            if self.instance.dates_itself:
                cleaned["date"] = cleaned.get("go_live_at") or timezone.now()
            else:
                cleaned["date"] = self.instance.date
        elif "date" in cleaned:
            self.instance.dates_itself = False
        return cleaned

    def _wait_for_the_date(self) -> None:
        """Have an entry go live no sooner than its date: readers see none that is to come."""
        date, at = self.cleaned_data.get("date"), self.cleaned_data.get("go_live_at")
        over = self.cleaned_data.get("expire_at")
        if date and date > timezone.now() and (not at or at < date):
            if over and over <= date:
                self.add_error("date", _("The entry would be over before its date."))
            else:
                self.cleaned_data["go_live_at"] = date

    def _leave_date_open(self, field: forms.Field) -> None:
        """Show no date that nobody chose: it is that of the first appearance."""
        field.required = field.show_hidden_initial = False
        if self.instance.first_published_at:
            return
        field.help_text = _("Left empty, it is when the entry appears.") + f" {field.help_text}"
        if self.instance.dates_itself or not self.instance.pk:
            self.initial["date"] = None

    def defer_required_fields(self) -> None:
        """Let a draft be saved before its writer has thought of a title."""
        super().defer_required_fields()
        if "title" in self.fields and self.fields["title"].required:
            self.fields["title"].required = False
            self.deferred_required_fields.append("title")

    def clean_title(self) -> str:
        if title := super().clean_title() or self.instance.title:
            return title
        with translation.override(self.weblog and self.weblog.language):  # not the writer's
            return _("Untitled")

    def _names(self, name: str) -> list[str]:
        """Return names to suggest: those that an entry has, not each that was ever typed."""
        model = self._meta.model._meta.get_field(name).related_model
        filed = model.entries.through.objects.filter(**{model._meta.model_name: OuterRef("pk")})
        labels = model.objects.filter(weblog_id=self.weblog.pk if self.weblog else None)
        return list(labels.filter(Exists(filed)).values_list("name", flat=True)[:SUGGESTIONS])

    def save(self, commit: bool = True) -> Any:
        """Store the entry, making the tags and authors that were named for the first time."""
        for name in ("tags", "authors"):
            if name in self.cleaned_data:
                model = self._meta.model._meta.get_field(name).related_model
                # What was renamed since the form was opened.
                known = list(getattr(self.instance, name).all())
                names = self.cleaned_data[name]
                self.cleaned_data[name] = model.named(self.weblog, names, known)
        return super().save(commit)


class WeblogForm(InWeblogsTime):
    def clean(self) -> dict:
        cleaned = super().clean()
        if "categories" in self.formsets:
            self._clean_category_tree(self.formsets["categories"])
        return cleaned

    def _clean_category_tree(self, formset: Any) -> None:
        """Follow a slug that changes, and refuse one that is taken already.

        Also a parent that is missing or leads in a circle.
        """
        rows = [
            form
            for form in formset.forms
            if form.is_valid() and not form.cleaned_data.get("DELETE")
            if form.instance.pk or form.has_changed()
        ]
        renamed, taken = {}, set()
        for form in rows:
            slug = form.instance.slug = form.instance.slug or Category.slug_for(form.instance.name)
            renamed[form.initial.get("slug")] = slug
            form.cleaned_data["slug"] = slug or None  # drafts without a name are no duplicates
            if slug in taken:
                form.add_error(
                    "slug",
                    _(
                        "Another category has the slug “%s”. "
                        "Give one of them another name or another slug, or delete it."
                    )
                    % slug,
                )
            elif slug:
                taken.add(slug)
        for form in rows:
            if (slug := renamed.get(form.instance.parent)) not in (None, form.instance.parent):
                form.instance.parent = slug
                form.changed_data.append("parent")  # a form without changes isn't saved
        parents = {form.instance.slug: form.instance.parent for form in rows}
        for form in rows:
            if form.instance.parent and form.instance.parent not in parents:
                form.add_error("parent", _("This weblog has no category with that slug."))
            elif runs_in_circles(form.instance.slug, parents):
                form.add_error("parent", _("A category can't belong under itself."))
            elif len(line_of(form.instance.slug, parents)) > DEEPEST_CATEGORY:
                sentence = _("Categories lie at most %d deep.") % DEEPEST_CATEGORY
                form.add_error("parent", sentence)
