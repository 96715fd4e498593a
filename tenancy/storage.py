"""What weblogs store, and how much of it they may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Collection

from library.models import Document, Picture
from tenancy.models import Tenancy

SOFT = 0.8  # of the quota: when people are told
HELD = timedelta(minutes=5)  # is the room for a file that was never saved


@dataclass(frozen=True)
class Storage:
    """How full a weblog is, in bytes. A quota of 0 is no limit."""

    title: str
    stored: int
    quota: int

    @property
    def percent(self) -> int:
        return self.stored * 100 // self.quota if self.quota else 0

    @property
    def is_full(self) -> bool:
        return bool(self.quota) and self.stored >= self.quota

    @property
    def is_nearly_full(self) -> bool:
        return bool(self.quota) and self.stored >= self.quota * SOFT

    def problem_with(self, size: int, number: int = 1) -> str:
        """Return why files of that size in all can't be added, as a sentence; "" if they can."""
        if not self.quota or (self.stored < self.quota and self.stored + size <= self.quota):
            return ""
        told = {"size": filesizeformat(size), "quota": filesizeformat(self.quota),
                "left": filesizeformat(max(self.quota - self.stored, 0))}  # fmt: skip
        if self.is_full:
            words = _("The weblog's storage of %(quota)s is full, so the file wasn't taken.")
        else:
            words = ngettext(
                "The file has %(size)s, but only %(left)s of %(quota)s are left.",
                "The files have %(size)s, but only %(left)s of %(quota)s are left.",
                number,
            )
        more = _("Delete files that you no longer need, or ask the operator for more. "
                 "Texts can always be saved.")  # fmt: skip
        return f"{words % told} {more}"


def with_storage(tenancies: QuerySet[Tenancy]) -> QuerySet[Tenancy]:
    """Fetch with each weblog the bytes `stored` in its pictures and documents."""

    def bytes_of(model: type[Picture] | type[Document]) -> Coalesce:
        files = model._base_manager.filter(collection=OuterRef("collection")).order_by()
        summed = files.values("collection").annotate(sum=Sum("file_size")).values("sum")
        return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)

    return tenancies.annotate(stored=bytes_of(Picture) + bytes_of(Document))


def quota_of(own: int | None) -> int:
    return settings.STORAGE_QUOTA if own is None else own


def quota_in_words(quota: int) -> str:
    return filesizeformat(quota) if quota else _("no limit")


def storage_of(tenancies: QuerySet[Tenancy]) -> dict[int, Storage]:
    """Return how full weblogs are, by their ids, by one query."""
    # Pages take long to make, and somebody may write in hundreds of weblogs.
    columns = ("weblog", "weblog__title", "stored", "quota")
    rows = with_storage(tenancies).values_list(*columns)
    return {pk: Storage(title, stored, quota_of(own)) for pk, title, stored, own in rows}


def problem_of_room(collection: Collection, size: int, number: int = 1) -> str:
    """Return why a collection's weblog has no room for files of that size; "" if it has.

    What is on its way counts too. Who asks in a transaction is alone with the weblog until its end.
    """
    with transaction.atomic():
        asked = Tenancy.objects.filter(collection=collection)
        tenancy = asked.select_for_update(no_key=True).first()
        if tenancy is None:
            return ""
        stored = storage_of(asked)[tenancy.weblog_id]
        tenancy.incoming.filter(since__lte=timezone.now() - HELD).delete()
        incoming = tenancy.incoming.aggregate(sum=Sum("size"))["sum"] or 0
        return replace(stored, stored=stored.stored + incoming).problem_with(size, number)


def hold_room(file: Picture | Document, collection: Collection, size: int) -> str:
    """Hold room for a file until it is saved; return why there is none, as `problem_of_room` does.

    Several may be uploaded at once, and each takes seconds from its form to its row.
    """
    with transaction.atomic():
        problem = problem_of_room(collection, size)
        tenancy = Tenancy.objects.filter(collection=collection).first()
        if tenancy and not problem:
            file.room = tenancy.incoming.create(size=size)
    return problem


def let_go_of_room(file: Picture | Document) -> None:
    if room := file.__dict__.pop("room", None):
        room.delete()


def nearly_full(tenancies: QuerySet[Tenancy]) -> dict[int, Storage]:
    """Return those of the weblogs whose people should hear how full they are."""
    found = storage_of(tenancies)
    return {pk: storage for pk, storage in found.items() if storage.is_nearly_full}


def nearly_full_of_all() -> dict[int, Storage]:
    """As `nearly_full`, of the whole platform; only those that may be so are looked at closely."""
    stored: Counter[int] = Counter()
    for model in (Picture, Document):
        sums = model._base_manager.order_by().values_list("collection")
        stored.update(dict(sums.annotate(sum=Coalesce(Sum("file_size"), 0))))
    enough = settings.STORAGE_QUOTA * SOFT or inf
    large = [pk for pk, size in stored.items() if size >= enough]
    return nearly_full(Tenancy.objects.filter(Q(collection__in=large) | Q(quota__gt=0)))
