"""What an entry looks like but for its body, as a digest: the same digest, the same look."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from wagtail.fields import StreamField

from library.renditions import is_remembered
from pagecache.memory import remembered

if TYPE_CHECKING:
    from blog.models import BlogEntryPage, BlogIndexPage

PICTURES = ("cover", "social_picture")
UNSEEN = {"numchild", "latest_revision_id", "latest_revision_created_at"}  # change with each draft


def fingerprint_of(entry: BlogEntryPage) -> bytes | None:
    """Return a digest of an entry's columns, pictures, filing and weblog, or None.

    None stands for an entry whose filing wasn't fetched, or whose pictures' addresses only queries
    can tell. A picture that wasn't fetched counts by its id alone.
    """
    filing, weblog = getattr(entry, "filing", None), entry.get_weblog()
    fetched = [entry._state.fields_cache.get(name) for name in PICTURES]
    pictures = [picture for picture in fetched if picture]
    if filing is None or weblog is None or not all(map(is_remembered, pictures)):
        return None
    said = [weblog_fingerprint(weblog), columns(entry), *map(columns, pictures), filing]
    return blake2b(repr(said).encode(), digest_size=16).digest()


def weblog_fingerprint(weblog: BlogIndexPage) -> bytes:
    """Return a digest of a weblog's columns and address, made once in a generation."""

    def make() -> bytes:
        said = columns(weblog), weblog.get_full_url()
        return blake2b(repr(said).encode(), digest_size=16).digest()

    return remembered(weblog.pk, "fingerprint", make)


def columns(row: Model) -> list[Any]:
    """Return what was fetched of a row, but for its streams."""
    values = row.__dict__
    return [values.get(name) for name in _names(type(row))]


@cache
def _names(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields
    shown = [field for field in fields if not isinstance(field, StreamField)]
    return [field.attname for field in shown if field.attname not in UNSEEN]
