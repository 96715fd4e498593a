"""What a page refers to must be visible to whoever writes it: another weblog's things are not.

Wagtail's forms, blocks and rich text take any id that is posted. Rich text keeps it as it came, and
the page for readers, which knows no person, would resolve it.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractPage, ReferenceIndex

from scope.current import current_scope

REFUSED = "foreign_reference"
NOT_THERE = _("Something that this page shows or links to isn't there, or isn't there any more.")
# Set by Wagtail, not by a form: whoever owned or locked a page may have left its weblog since.
SET_BY_WAGTAIL = frozenset(
    "owner locked_by content_type locale latest_revision live_revision alias_of".split()
)
Reference = tuple[int, str]  # id of a content type, and the key of a row as text


def refuse_foreign(page: AbstractPage) -> None:
    """Refuse a page that refers to what the person writing it may not see.

    Files, and rows that have a ``weblog``, must be of the page's own weblog: who writes in two may
    see those of the other, but a page that readers see would publish them.

    What a stored version of the page refers to already stays allowed: that a linked page was
    removed since must not keep anybody from saving their words.

    Raises:
        ValidationError: a sentence that doesn't tell whether the thing exists.
    """
    if current_scope() is None:
        return
    hidden = _hidden(references_of(page), page.get_weblog())
    if hidden and page.pk:
        stored = page.specific_class._base_manager.get(pk=page.pk)
        hidden -= references_of(stored)
        if hidden and (latest := stored.get_latest_revision()):
            hidden -= references_of(latest.as_object())
    if hidden:
        raise ValidationError(NOT_THERE, REFUSED)


def references_of(page: AbstractPage) -> set[Reference]:
    """Return what the page's fields, blocks, texts and rows refer to."""
    # Wagtail's own reading of a page; private, and held by a test.
    found = ReferenceIndex._extract_references_from_object(page)
    return {(type_id, pk) for type_id, pk, path, _place in found if path not in SET_BY_WAGTAIL}


def _hidden(references: set[Reference], weblog: AbstractPage | None) -> set[Reference]:
    by_type = defaultdict(set)
    for content_type_id, pk in references:
        by_type[content_type_id].add(pk)
    hidden = set()
    for content_type_id, pks in by_type.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        assert model
        numbers = {pk for pk in pks if pk.isdecimal() and len(pk) < 19}
        rows = model._default_manager.filter(pk__in=numbers)
        if weblog:
            rows = of_weblog(rows, weblog)
            if any(field.name == "collection" for field in model._meta.fields):
                rows = rows.filter(collection__tenancy__weblog=weblog.pk)
        visible = {str(pk) for pk in rows.values_list("pk", flat=True)}
        hidden |= {(content_type_id, pk) for pk in pks - visible}
    return hidden


def of_weblog(rows: QuerySet, weblog: AbstractPage) -> QuerySet:
    """Keep rows of the weblog, where they name theirs; any page may be linked."""
    names_it = any(field.name == "weblog" for field in rows.model._meta.fields)
    is_page = issubclass(rows.model, AbstractPage)
    return rows.filter(weblog=weblog.pk) if names_it and not is_page else rows
