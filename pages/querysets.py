"""What readers may see of any pages, said once."""

from typing import Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

from scope.managers import ScopedPageManager


def _restriction() -> Exists:
    """Return whether Wagtail's privacy closes a page or one of its ancestors."""
    return Exists(
        PageViewRestriction.objects.annotate(
            place=ExpressionWrapper(OuterRef("path"), output_field=CharField())
        ).filter(place__startswith=F("page__path"))
    )


class BasePageQuerySet(PageQuerySet):
    def readable(self) -> Self:
        """Keep what is published and closed to nobody. Costs no query of its own."""
        return self.live().filter(~_restriction())

    def with_restriction(self) -> Self:
        """Tell of each page, in the same query, whether it is restricted (`is_restricted`)."""
        return self.annotate(is_restricted=_restriction())


BasePageManager: type[PageManager] = ScopedPageManager.from_queryset(BasePageQuerySet)
