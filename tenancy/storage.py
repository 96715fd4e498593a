"""What weblogs store, and how much of it they may."""

from __future__ import annotations

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from library.models import Document, Picture
from tenancy.models import Tenancy


def with_storage(tenancies: QuerySet[Tenancy]) -> QuerySet[Tenancy]:
    """Fetch with each weblog the bytes `stored` in its pictures and documents."""

    def bytes_of(model: type[Picture] | type[Document]) -> Coalesce:
        files = model._base_manager.filter(collection=OuterRef("collection")).order_by()
        summed = files.values("collection").annotate(sum=Sum("file_size")).values("sum")
        return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)

    return tenancies.annotate(stored=bytes_of(Picture) + bytes_of(Document))
