"""Hundreds of weblogs and thousands of entries, made as rows: Wagtail's own way takes minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group  # noqa: TID251
from django.db import connection
from django.db.models import F
from wagtail.models import (
    Collection,  # noqa: TID251
    GroupCollectionPermission,
    GroupPagePermission,
    Site,  # noqa: TID251
)

from blog.factories import FIRST_DAY
from blog.models import BlogEntryPage, BlogIndexPage, Tag
from home.models import HomePage
from pagecache.memory import forget_all
from pages.models import BasePage
from pages.statistics import collect_statistics
from search.models import IndexedEntry, IndexedWord
from tenancy.hosts import forget_hosts
from tenancy.models import Role, Tenancy

STEP = 500  # rows to a statement
SEARCHED = "title_norm, autocomplete, title, body, title_text, body_text"


def add_entries(model: BlogEntryPage, start: int, stop: int, tag: Tag | None = None) -> None:
    """Add published copies of an entry beside it, `Entry <number>`, an hour newer each."""
    numbers = range(start, stop)
    weblog = BlogIndexPage.objects.get(pk=model.weblog_id)
    titles = [f"Entry {number}" for number in numbers]
    rows = copies(model, weblog, titles, [f"entry-{number}" for number in numbers])
    more = [
        {
            "tag_uri": f"tag:example.org,2026:{row.pk}",
            "date": connection.ops.adapt_datetimefield_value(FIRST_DAY + timedelta(hours=number)),
        }
        for number, row in zip(numbers, rows, strict=True)
    ]
    copy_details(model, rows, more)
    if tag:
        filed = BlogEntryPage.tags.through
        filed.objects.bulk_create(
            [filed(blogentrypage_id=row.pk, tag_id=tag.pk) for row in rows], batch_size=STEP
        )
    let_search_find(model, rows)
    settle()


def add_weblogs(
    home: HomePage,
    model: BlogIndexPage,
    start: int,
    stop: int,
    people: dict[str, Any] | None = None,
) -> list[BasePage]:
    """Add copies of a weblog, each with a host, a collection, and its roles with all their rights.

    ``people`` are what somebody is in all of them: users by names of roles.
    """
    home.refresh_from_db()
    names = [f"w{number}" for number in range(start, stop)]
    rows = copies(model, home, names, names)
    copy_details(model, rows, [{"tag_uri": f"tag:{name}"} for name in names])
    BasePage.objects.filter(pk__in=[row.pk for row in rows]).update(weblog_id=F("pk"))
    tree = Collection.get_first_root_node()
    at = tree.numchild + 1
    collections = Collection.objects.bulk_create(
        Collection(name=name, depth=2, path=Collection._get_path(tree.path, 2, at + place))
        for place, name in enumerate(names)
    )
    Collection.objects.filter(pk=tree.pk).update(numchild=F("numchild") + len(names))
    tenancies = Tenancy.objects.bulk_create(
        Tenancy(weblog_id=row.pk, collection=collection)
        for row, collection in zip(rows, collections, strict=True)
    )
    for role in model.tenancy.roles.all():
        give_role(role, tenancies, (people or {}).get(role.name))
    Site.objects.bulk_create(
        Site(hostname=f"{row.slug}.localhost", port=8000, root_page_id=row.pk) for row in rows
    )
    settle()
    forget_hosts()
    return rows


def give_role(model: Role, tenancies: list[Tenancy], person: Any = None) -> None:
    """Give weblogs a role with the rights that it has in another weblog, and somebody in it."""
    groups = Group.objects.bulk_create(
        Group(name=f"{model.name}s of weblog {tenancy.weblog_id}") for tenancy in tenancies
    )
    Role.objects.bulk_create(
        Role(tenancy=tenancy, name=model.name, group=group)
        for tenancy, group in zip(tenancies, groups, strict=True)
    )
    on_pages = model.group.page_permissions.values_list("permission", flat=True)
    on_files = model.group.collection_permissions.values_list("permission", flat=True)
    pairs = list(zip(tenancies, groups, strict=True))
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page_id=tenancy.weblog_id, permission_id=right)
        for tenancy, group in pairs
        for right in on_pages
    )
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(
            group=group, collection_id=tenancy.collection_id, permission_id=right
        )
        for tenancy, group in pairs
        for right in on_files
    )
    general = Group.permissions.through
    general.objects.bulk_create(
        general(group=group, permission=right)
        for group in groups
        for right in model.group.permissions.all()
    )
    if person:
        person.groups.add(*groups)


def copies(
    model: BasePage, parent: BasePage, titles: Sequence[str], slugs: Sequence[str]
) -> list[BasePage]:
    """Insert what all pages share, for copies of a page below a parent."""
    parent.refresh_from_db()
    last = parent.get_last_child()
    place = BasePage._str2int(last.path[-BasePage.steplen :]) if last else 0
    shared = {f.attname: getattr(model, f.attname) for f in BasePage._meta.local_fields}
    rows = BasePage.objects.bulk_create(
        (
            BasePage(
                **shared
                | {
                    "id": None,
                    "path": BasePage._get_path(parent.path, parent.depth + 1, place + number),
                    "title": title,
                    "draft_title": title,
                    "slug": slug,
                    "url_path": f"{parent.url_path}{slug}/",
                    "translation_key": uuid4(),
                    "latest_revision_id": None,
                    "live_revision_id": None,
                    "numchild": 0,
                }
            )
            for number, (title, slug) in enumerate(zip(titles, slugs, strict=True), 1)
        ),
        batch_size=STEP,
    )
    BasePage.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(rows))
    return rows


def copy_details(model: BasePage, rows: list[BasePage], changes: list[dict]) -> None:
    """Insert what the type of page has beyond, which Django's bulk_create can't."""
    table, columns = model._meta.db_table, [f.column for f in model._meta.local_fields]
    with connection.cursor() as cursor:
        names = ", ".join(columns)
        cursor.execute(f"SELECT {names} FROM {table} WHERE basepage_ptr_id = %s", [model.pk])
        copied = dict(zip(columns, cursor.fetchone(), strict=True))
        details = [
            copied | {"basepage_ptr_id": row.pk} | change
            for row, change in zip(rows, changes, strict=True)
        ]
        for start in range(0, len(details), STEP):
            values = details[start : start + STEP]
            one = f"({', '.join(['%s'] * len(columns))})"
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * len(values))}",
                [each[column] for each in values for column in columns],
            )


def let_search_find(model: BlogEntryPage, rows: list[BasePage]) -> None:
    """Have readers and the admin's search find the copies by the words of their model."""
    language, text = IndexedEntry.objects.values_list("language", "text").get(pk=model.pk)
    words = IndexedWord.objects.filter(entry=model.pk).values("weblog_id", "word", "weight", "date")
    IndexedEntry.objects.bulk_create(
        IndexedEntry(entry_id=row.pk, weblog_id=row.weblog_id, language=language, text=text)
        for row in rows
    )
    IndexedWord.objects.bulk_create(
        (IndexedWord(entry_id=row.pk, **word) for row in rows for word in words), batch_size=STEP
    )
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, {SEARCHED})"
            f" SELECT content_type_id, page::text, {SEARCHED}"
            " FROM wagtailsearch_indexentry, unnest(%s) AS page"
            " WHERE object_id = %s AND content_type_id = %s",
            [[row.pk for row in rows], str(model.pk), model.content_type_id],
        )


def settle() -> None:
    """Tell the database how much there is now, and forget what was remembered."""
    # An autovacuum at work gives way; a table left out would be planned for as if it were empty.
    collect_statistics(skip_locked=False)
    forget_all()
