"""Copies of pages, each its writer's own from then on."""

from itertools import count
from typing import Any

from wagtail.admin.forms.pages import CopyForm

MOST_OF_SLUG = 250  # characters, before its number


class CopyWithoutAlias(CopyForm):
    """Offers a free slug, and no alias, which follows another page: nobody could write in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)
        parent, is_free = self.page.get_parent(), self.page.specific_class._slug_is_available
        numbered = (f"{self.page.slug[:MOST_OF_SLUG]}-{number}" for number in count(2))
        self.fields["new_slug"].initial = next(slug for slug in numbered if is_free(slug, parent))
