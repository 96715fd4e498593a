"""Which pages use a file: what readers see of it, and what writers have in their drafts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex, Revision

from library.models import Document, Picture
from pages.models import BasePage
from pages.references import Reference, references_of

File = Picture | Document


def key_of(file: File) -> Reference:
    return ContentType.objects.get_for_model(type(file)).pk, str(file.pk)


def pages_using(file: File) -> list[BasePage]:
    """Return the pages that use a file, also those that somebody may not see."""
    return uses_of([file])[key_of(file)]


def shown_uses(pages: Iterable[BasePage], weblog_id: int) -> list[BasePage]:
    """Keep what the people of a weblog may be told of: its own pages."""
    return [page for page in pages if page.weblog_id == weblog_id]


def uses_of(files: Collection[File]) -> dict[Reference, list[BasePage]]:
    """Return the pages that use each of some hundred files at most, by title.

    In a constant number of queries; one of them has a condition for each file.

    What is published counts, what waits in the trash, and the draft or scheduled version of a page.
    Earlier versions don't: they may name what was removed long ago.
    """
    found: dict[Reference, set[int]] = {key_of(file): set() for file in files}
    if not found:
        return {}
    for key, page_id in [*_in_stored_pages(found), *_in_drafts(found, files)]:
        found[key].add(page_id)
    pages = BasePage._base_manager.in_bulk(set().union(*found.values()))
    return {
        key: sorted((pages[pk] for pk in pks), key=lambda page: (page.title.casefold(), page.pk))
        for key, pks in found.items()
    }


def note_documents(page: BasePage) -> None:
    """Note of the weblog's documents in a version of a page that a page has had them."""
    documents = ContentType.objects.get_for_model(Document).pk
    keys = {int(pk) for type_id, pk in references_of(page) if type_id == documents}
    if keys and page.weblog_id:
        own = Document._base_manager.filter(collection__tenancy__weblog=page.weblog_id)
        own.filter(pk__in=keys, in_pages=False).update(in_pages=True)


def _in_stored_pages(keys: Collection[Reference]) -> Iterator[tuple[Reference, int]]:
    """Give what Wagtail's index knows of pages as they are stored.

    The stored text of a draft is that of its first version: its latest counts instead.
    """
    asked = Q()
    for type_id in {type_id for type_id, _pk in keys}:
        pks = [pk for other, pk in keys if other == type_id]
        asked |= Q(to_content_type=type_id, to_object_id__in=pks)
    of_pages = ReferenceIndex.objects.filter(
        asked, base_content_type=ContentType.objects.get_for_model(BasePage)
    )
    rows = list(of_pages.values_list("to_content_type_id", "to_object_id", "object_id").distinct())
    stands = Q(live=True) | Q(trashed_at__isnull=False) | Q(latest_revision=None)
    pages = BasePage._base_manager.filter(stands, pk__in={int(page) for *_key, page in rows})
    counted = set(pages.values_list("pk", flat=True))
    for type_id, pk, page_id in rows:
        if int(page_id) in counted:
            yield (type_id, pk), int(page_id)


def _in_drafts(
    keys: Collection[Reference], files: Collection[File]
) -> Iterator[tuple[Reference, int]]:
    """Give what the drafts and scheduled versions of the files' weblogs refer to."""
    collections = {file.collection_id for file in files}
    pages = BasePage._base_manager.filter(weblog__tenancy__collection__in=collections)
    drafts = pages.filter(Q(live=False) | Q(has_unpublished_changes=True))
    of_drafts = Q(pk__in=drafts.values("latest_revision"))
    scheduled = Q(
        approved_go_live_at__isnull=False,
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id__in=pages.annotate(text=Cast("pk", TextField())).values("text"),
    )
    named = Q()
    for _type_id, pk in keys:
        named |= Q(text__contains=pk)  # fetches few that don't mean the file
    revisions = Revision.objects.annotate(text=Cast("content", TextField()))
    for revision in revisions.filter(of_drafts | scheduled).filter(named):
        for key in references_of(revision.as_object()) & set(keys):
            yield key, int(revision.object_id)
