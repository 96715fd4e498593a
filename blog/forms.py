"""The forms in which weblogs and entries are written."""

import json
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from taggit.utils import edit_string_for_tags, parse_tags
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminTagWidget

SUGGESTIONS = 500


class NamesWidget(AdminTagWidget):
    """Wagtail's tag input, offering the weblog's own names and asking no address for them."""

    suggestions: list[str] = []

    def format_value(self, value: Any) -> str | None:
        if value and not isinstance(value, str):
            value = edit_string_for_tags(value)
        return value

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        options = json.loads(context["widget"]["attrs"]["data-w-tag-options-value"])
        options["autocomplete"] = {"source": self.suggestions, "delay": 0}
        context["widget"]["attrs"] |= {
            "data-w-tag-options-value": json.dumps(options),
            "data-w-tag-url-value": "",
        }
        return context


class NamesField(forms.CharField):
    """Names separated by commas, standing for labels of one weblog that may not exist yet."""

    widget = NamesWidget

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (str, type(None))):
            return value
        return edit_string_for_tags(value)

    def clean(self, value: Any) -> list[str]:
        names = parse_tags(super().clean(value) or "")
        for name in names:
            if len(name) > 100:
                raise forms.ValidationError(
                    f"“{Truncator(name).chars(30)}” is too long: a name has at most 100 characters."
                )
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = [str(label) for label in initial or []]
        return sorted(before) != sorted(parse_tags(data or ""))


class BlogEntryForm(WagtailAdminPageForm):
    tags = NamesField(required=False)
    authors = NamesField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weblog = self.parent_page.get_weblog() if self.parent_page else None
        if "slug" in self.fields:
            self.fields["slug"].required = False  # the page makes one of its title
        for name in ("tags", "authors"):
            if name in self.fields:
                self.fields[name].widget.suggestions = self._names(name)
        if "authors" in self.fields and not self.instance.pk and self.for_user:
            self.initial["authors"] = self.for_user.get_full_name()
        if "categories" in self.fields:
            self.fields["categories"].queryset = self._labels("categories")
            self.fields["categories"].widget = forms.CheckboxSelectMultiple(
                choices=self.fields["categories"].choices
            )

    def defer_required_fields(self) -> None:
        """Let a draft be saved before its writer has thought of a title."""
        super().defer_required_fields()
        if "title" in self.fields and self.fields["title"].required:
            self.fields["title"].required = False
            self.deferred_required_fields.append("title")

    def clean_title(self) -> str:
        return self.cleaned_data["title"] or self.instance.title or _("Untitled")

    def _labels(self, name: str) -> Any:
        model = self._meta.model._meta.get_field(name).related_model
        return model.objects.filter(weblog_id=self.weblog.pk if self.weblog else None)

    def _names(self, name: str) -> list[str]:
        return list(self._labels(name).values_list("name", flat=True)[:SUGGESTIONS])

    def save(self, commit: bool = True) -> Any:
        """Store the entry, making the tags and authors that were named for the first time."""
        for name in ("tags", "authors"):
            if name in self.cleaned_data:
                model = self._meta.model._meta.get_field(name).related_model
                self.cleaned_data[name] = model.named(self.weblog, self.cleaned_data[name])
        return super().save(commit)
