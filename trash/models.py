"""What lies in the trash, and what it was."""

from django.conf import settings
from django.db import models

from scope.managers import OfWeblogManager


class Trashed(models.Model):
    """A page that was deleted with all pages below it; they keep their places in the tree.

    ``before`` tells of each page what has to come back: whether it was published, and the revision
    that was to appear at a time.
    """

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField("pages.BasePage", on_delete=models.CASCADE, related_name="trashed")
    deleted_at = models.DateTimeField(db_index=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.JSONField(default=dict)

    objects = OfWeblogManager()

    class Meta:
        verbose_name_plural = "trashed"
        ordering = ["-deleted_at", "-pk"]

    def __str__(self) -> str:
        return str(self.page)
