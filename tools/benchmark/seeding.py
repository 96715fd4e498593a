"""Fills an empty database with weblogs to measure, many rows to a statement. Runs in Django."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Collection, Locale
from wagtail.search.backends import get_search_backend

from benchmark.bodies import make_bodies
from benchmark.names import OWNER, SMALL, host_of, name_of, path_of, sizes
from blog.blocks import BodyBlock
from blog.excerpts import excerpt_of
from blog.indexing import words_of
from blog.models import Author, BlogEntryPage, BlogIndexPage, Tag
from blog.word_counts import count_words
from home.models import HomePage
from pages.models import BasePage
from search.indexing import index_entry
from tenancy.models import Role, RoleName, Tenancy
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.registration import make_site

BODIES = 60  # different ones
CHUNK = 500
EVERY = timedelta(hours=7)  # an entry
TAGS = (
    "Bread Bridges Clocks Fog Gardens Ink Knots Maps Moss Radios Rivers Salt Tea Tides Wool".split()
)
AUTHORS = ("Ann", "Ben")
NOW = timezone.now()


class Body:
    """A body that several entries have, with what saving one would work out of it."""

    def __init__(self, raw: list[dict]) -> None:
        self.value: StreamValue = BodyBlock().to_python(raw)
        self.words: list[str] = self.value.stream_block.get_searchable_content(self.value)
        self.kept = {
            "body": self.value,
            "excerpt": excerpt_of(raw),
            "word_count": count_words(" ".join(self.words)),
        }


def seed(sites: int, entries: int) -> None:
    """Make everything in an empty database."""
    call_command("migrate", verbosity=0, interactive=False)
    make_everything(sites, entries)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


@transaction.atomic
def make_everything(sites: int, entries: int) -> None:
    """Make the platform with its weblogs and their entries.

    The first two weblogs, in whose admin something is measured, are made as the platform makes
    them; the others' groups have no rights. No entry has a revision: neither a reader's page nor a
    form asks for one.
    """
    home = ensure_platform()
    numbers = range(sites)
    weblogs = [
        create_weblog(title_of(number), host=host_of(number), owner=OWNER, parent=home)
        for number in numbers[: SMALL + 1]
    ]
    weblogs += make_weblogs(home, numbers[SMALL + 1 :])
    bodies = [Body(raw) for raw in make_bodies(BODIES)]
    made = [
        make_entry(weblog, number, place, bodies[(number + place) % BODIES])
        for number, weblog, size in zip(numbers, weblogs, sizes(sites, entries), strict=True)
        for place in range(size)
    ]
    with known_words(bodies):
        insert(made)
    file_entries(weblogs, made)


def title_of(number: int) -> str:
    return f"{name_of(number)} example"


def make_weblogs(home: HomePage, numbers: range) -> list[BlogIndexPage]:
    """Make weblogs with hosts, collections and roles."""
    home.refresh_from_db()
    weblogs = []
    for place, number in enumerate(numbers, home.numchild + 1):
        name = name_of(number)
        weblog = BlogIndexPage(title=title_of(number), slug=name, tag_uri=f"tag:{name}")
        weblogs.append(put(weblog, home, place))
    insert(weblogs)
    for weblog in weblogs:
        weblog.weblog_id = weblog.pk
    BasePage._base_manager.bulk_update(weblogs, ["weblog_id"])
    tree = Collection.get_first_root_node()
    collections = [tree.add_child(name=weblog.title) for weblog in weblogs]
    tenancies = Tenancy.objects.bulk_create(
        Tenancy(weblog_id=weblog.pk, collection=collection)
        for weblog, collection in zip(weblogs, collections, strict=True)
    )
    places = [(tenancy, name) for tenancy in tenancies for name in RoleName]
    groups = Group.objects.bulk_create(
        Group(name=f"{name.label}s of weblog {tenancy.weblog_id}") for tenancy, name in places
    )
    Role.objects.bulk_create(
        Role(tenancy=tenancy, name=name, group=group)
        for (tenancy, name), group in zip(places, groups, strict=True)
    )
    for number, weblog in zip(numbers, weblogs, strict=True):
        make_site(host_of(number), weblog)
    return weblogs


def make_entry(weblog: BlogIndexPage, number: int, place: int, body: Body) -> BlogEntryPage:
    slug = path_of(number, place).strip("/")
    entry = BlogEntryPage(
        title=f"{name_of(number)} entry {place}",
        slug=slug,
        date=NOW - EVERY * (place + 1),
        summary="What the fog left of the bridges, in three walks." if place % 3 else "",
        weblog_id=weblog.pk,
        in_weblog=weblog.pk,
        tag_uri=f"tag:{slug}",
        **body.kept,
    )
    return put(entry, weblog, place + 1)


def put(page: Any, parent: BasePage, place: int) -> Any:
    """Give a page its place below a parent, published at its date."""
    at = getattr(page, "date", NOW)
    page.first_published_at = page.last_published_at = page.latest_revision_created_at = at
    page.draft_title = page.title
    page.depth = parent.depth + 1
    page.path = BasePage._get_path(parent.path, page.depth, place)
    page.set_url_path(parent)
    return page


def insert(pages: Sequence[BasePage]) -> None:
    """Insert pages of one type, two rows each, and index them.

    Django's own bulk_create refuses models of several tables.
    """
    owner, locale = get_user_model().objects.get(email=OWNER), Locale.get_default()
    shared = [field.attname for field in BasePage._meta.concrete_fields]
    for some in batches(pages):
        model = type(some[0])
        for page in some:
            page.owner, page.locale = owner, locale
        rows = BasePage._base_manager.bulk_create(
            BasePage(**{name: getattr(page, name) for name in shared}) for page in some
        )
        for page, row in zip(some, rows, strict=True):
            page.pk = page.id = row.pk
        query = InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, list(some))
        query.get_compiler(connection=connection).execute_sql()
        get_search_backend().get_index_for_model(model).add_items(model, some)
        if model is BlogEntryPage:
            for entry in some:
                index_entry(entry, "en", " ".join(words_of(entry)))
    for path, number in Counter(page.path[: -BasePage.steplen] for page in pages).items():
        BasePage._base_manager.filter(path=path).update(numchild=F("numchild") + number)


def batches(pages: Sequence[BasePage]) -> Iterator[Sequence[BasePage]]:
    for start in range(0, len(pages), CHUNK):
        yield pages[start : start + CHUNK]


def known_words(bodies: list[Body]) -> Any:
    """Have the search index take the words of a body from here instead of looking for them."""
    known = {id(body.value): body.words for body in bodies}
    field = BlogEntryPage._meta.get_field("body")
    return patch.object(field, "get_searchable_content", lambda value: known[id(value)])


def file_entries(weblogs: list[BlogIndexPage], entries: list[BlogEntryPage]) -> None:
    """File each entry under two tags of its weblog and under an author."""
    for model, field, names, steps in (
        (Tag, "tag", TAGS, (1, 4)),
        (Author, "author", AUTHORS, (1,)),
    ):
        labels: dict[int | None, list] = {
            weblog.pk: [model(weblog_id=weblog.pk, name=name, slug=name.lower()) for name in names]
            for weblog in weblogs
        }
        model.objects.bulk_create(chain.from_iterable(labels.values()))
        through = getattr(BlogEntryPage, f"{field}s").through
        chosen = {
            (entry.pk, labels[entry.weblog_id][place * step % len(names)].pk)
            for place, entry in enumerate(entries)
            for step in steps
        }
        through.objects.bulk_create(
            (through(blogentrypage_id=entry, **{f"{field}_id": label}) for entry, label in chosen),
            batch_size=5_000,
        )
