"""What readers may see of any pages, said once."""

from typing import Self

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Substr
from treebeard.mp_tree import MP_Node
from wagtail.models import PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

from pagecache.memory import remembered
from scope.managers import ScopedPageManager

DEEPEST = 8  # levels of the tree that privacy is looked for on; entries lie on the fourth


def _restriction() -> Exists:
    """Return whether Wagtail's privacy closes a page or one of its ancestors.

    These are named one by one: asked for the pages whose path begins this one's, SQLite walks
    through all pages there are, for each page of a list.
    """
    steps = range(1, DEEPEST + 1)
    above = [Substr(OuterRef("path"), 1, step * MP_Node.steplen) for step in steps]
    return Exists(PageViewRestriction.objects.filter(page__path__in=[*above, OuterRef("path")]))


def restricted_paths() -> tuple[str, ...]:
    """Return the tree paths that Wagtail's privacy closes. Our admin offers none: hardly ever any.

    Whoever reads pages by a statement of their own leaves out what is at or below them.
    """
    return remembered(None, "restrictions", _restricted_paths)


def _restricted_paths() -> tuple[str, ...]:
    rows = PageViewRestriction.objects.all()
    # Asked for the paths of none, SQLite walks through all pages to find that there is none.
    return tuple(rows.values_list("page__path", flat=True)) if rows.exists() else ()


class BasePageQuerySet(PageQuerySet):
    def readable(self) -> Self:
        """Keep what is published and closed to nobody. Costs no query of its own."""
        return self.live().filter(~_restriction()) if restricted_paths() else self.live()

    def with_restriction(self) -> Self:
        """Tell of each page, in the same query, whether it is restricted (`is_restricted`)."""
        return self.annotate(is_restricted=_restriction() if restricted_paths() else Value(False))


BasePageManager: type[PageManager] = ScopedPageManager.from_queryset(BasePageQuerySet)
