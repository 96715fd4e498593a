"""Forms of the admin that lead people to what is wrong in them."""

from typing import Any

from django import forms


class GuidingForm(forms.Form):
    """Begins at the first wrong field; each is described by its error (`tenancy/fields.html`)."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        for each in self:
            each.field.widget.attrs.pop("autofocus", None)
        wrong = [each for each in self if each.errors]
        for each in wrong:
            told = [f"{each.auto_id}-helptext"] if each.help_text else []
            described_by = " ".join([*told, f"{each.auto_id}_error"])
            each.field.widget.attrs["aria-describedby"] = described_by
        for first in wrong[:1]:
            first.field.widget.attrs["autofocus"] = True
