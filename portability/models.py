"""What was imported from where, so that a second run changes nothing."""

from django.db import models

from scope.managers import OfWeblogManager

LONGEST_SOURCE = 500


class Imported(models.Model):
    """One file of a folder and the page that was made of it.

    ``digest`` is empty until the page is complete; ``revision_id`` is what the import left, so that
    a later one can tell whether the writer has touched the page since.
    """

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=LONGEST_SOURCE)
    digest = models.CharField(max_length=64, blank=True)
    page = models.ForeignKey(
        "pages.BasePage", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfWeblogManager()

    class Meta:
        verbose_name_plural = "imported"
        constraints = [models.UniqueConstraint(fields=["weblog", "source"], name="source_once")]

    def __str__(self) -> str:
        return self.source
