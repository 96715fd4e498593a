"""Where a weblog's pages used to be."""

from django.db import models

from scope.managers import OfWeblogManager

LONGEST_PATH = 500


class Redirect(models.Model):
    """An old address of a page, relative to its weblog so that it survives a change of host."""

    weblog = models.ForeignKey("blog.BlogIndexPage", on_delete=models.CASCADE, related_name="+")
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
    def leave(cls, weblog: models.Model, path: str, page: models.Model) -> None:
        """Make an old address (relative to the weblog) lead to the page; the latest wins."""
        old_path = cls.normalised(path)
        if old_path != "/" and len(old_path) <= LONGEST_PATH:
            cls.objects.update_or_create(
                weblog_id=weblog.pk, old_path=old_path, defaults={"page_id": page.pk}
            )
