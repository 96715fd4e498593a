"""Where a weblog's pages used to be."""

from collections.abc import Iterable

from django.db import models

from pagecache.generations import forget
from pages.models import BasePage
from scope.managers import OfWeblogManager

LONGEST_PATH = 500


class Redirect(models.Model):
    """An old address of a page, relative to its weblog so that it survives a change of host.

    One of a weblog itself, or of a page outside of all weblogs, is relative to a front page.
    """

    # Or the front page.
    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    old_path = models.CharField(max_length=LONGEST_PATH)
    page = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")

    objects = OfWeblogManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["weblog", "old_path"], name="old_path_once")]

    def __str__(self) -> str:
        return self.old_path

    @staticmethod
    def normalised(path: str) -> str:
        """Return a decoded path the way it is stored: with a leading and no trailing slash."""
        return "/" + path.strip("/")

    @classmethod
    def leave(cls, weblog: BasePage, path: str, page: models.Model) -> None:
        cls.leave_all(weblog, [path], page)

    @classmethod
    def leave_all(cls, weblog: BasePage, paths: Iterable[str], page: models.Model) -> int:
        """Make old addresses (relative to the weblog) lead to the page; the latest wins.

        Return how many they are.
        """
        own = {"weblog_id": weblog.pk, "page_id": page.pk}
        old_paths = dict.fromkeys(map(cls.normalised, paths))
        left = [
            cls(old_path=path, **own)
            for path in old_paths
            if path != "/" and len(path) <= LONGEST_PATH
        ]
        if left:
            once = ["weblog", "old_path"]
            cls.objects.bulk_create(
                left, update_conflicts=True, unique_fields=once, update_fields=["page"]
            )
            forget(weblog.weblog_id)
        return len(left)
