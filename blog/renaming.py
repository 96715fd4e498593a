"""What becomes of a tag or author that gets another name, or is put together with another."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from blog.listings import LABELS, RELATIONS
from blog.models.labels import Author, EarlierSlug, Tag


def named_alike(label: Tag | Author, name: str, slug: str) -> Tag | Author | None:
    """Return the weblog's other label with that name, or else with a slug that is the name's."""
    labels: Any = type(label).objects
    others = labels.filter(weblog_id=label.weblog_id).exclude(pk=label.pk)
    alike = others.filter(Q(name=name) | Q(slug__in=[slug, label.slug_for(name)]))
    return min(alike, key=lambda other: other.name != name, default=None)


@transaction.atomic
def rename(label: Tag | Author, name: str, slug: str) -> None:
    """Give a label another name; where it has another slug, its earlier addresses lead there."""
    EarlierSlug.leave(label, label.slug if label.slug != slug else "", label.name)
    label.name, label.slug = name, slug
    label.save()


@transaction.atomic
def put_together(label: Any, other: Any) -> None:
    """File a label's entries under another one of its weblog, which takes over its addresses."""
    kind = label._meta.model_name
    filed = type(label).entries.through.objects
    have_both = filed.filter(**{kind: other}).values("blogentrypage_id")
    only_this = filed.filter(**{kind: label}).exclude(blogentrypage_id__in=have_both)
    only_this.update(**{kind: other})
    EarlierSlug.objects.filter(**{kind: label}).update(**{kind: other})
    EarlierSlug.leave(other, label.slug, label.name, was=label.pk)
    label.delete()


def labels_by_now(content: dict[str, Any], weblog_id: int | None) -> dict[str, list[int]]:
    """Return the ids of what a version of an entry is filed under: those that stand for them now.

    What was deleted, and put together with nothing, is left to Wagtail, which leaves it out.
    """
    by_now = {}
    for kind in LABELS:
        if ids := content.get(relation := RELATIONS[kind]):
            left = EarlierSlug.objects.filter(weblog_id=weblog_id, was__in=ids)
            now = dict(left.exclude(**{kind: None}).values_list("was", kind))
            by_now[relation] = [now.get(pk, pk) for pk in ids]
    return by_now
