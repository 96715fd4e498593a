"""What lies in the trash, and what it was."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from library.models import Document, Picture
from pages.models import BasePage
from scope.managers import OfWeblogManager
from tenancy.models import KEPT

KINDS = ("page", "picture", "document")


def when_due() -> datetime:
    return timezone.now() + KEPT


def _one_of(names: tuple[str, ...]) -> Q:
    """Return the condition that one of these columns is filled, and no other."""
    condition = Q()
    for filled in names:
        condition |= Q(**{f"{name}__isnull": name != filled for name in names})
    return condition


class Trashed(models.Model):
    """A page, picture or document that was deleted.

    A page has those below it with it, which keep their places in the tree. ``before`` tells of each
    what has to come back: whether it was published, and the revision that was to appear at a time.
    """

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField(
        "pages.BasePage", null=True, on_delete=models.CASCADE, related_name="trashed"
    )
    picture = models.OneToOneField(
        "library.Picture", null=True, on_delete=models.CASCADE, related_name="trashed"
    )
    document = models.OneToOneField(
        "library.Document", null=True, on_delete=models.CASCADE, related_name="trashed"
    )
    deleted_at = models.DateTimeField(default=timezone.now)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When it is removed for good, or looked at again if a page uses it then.
    due_at = models.DateTimeField(default=when_due, db_index=True)
    before = models.JSONField(default=dict)

    objects = OfWeblogManager()

    class Meta:
        verbose_name_plural = "trashed"
        ordering = ["-deleted_at", "-pk"]
        constraints = [models.CheckConstraint(condition=_one_of(KINDS), name="trashed_one_thing")]

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def thing(self) -> BasePage | Picture | Document:
        return self.page or self.picture or self.document  # type: ignore[return-value]

    @property
    def file(self) -> Picture | Document | None:
        return self.picture or self.document

    def lock(self) -> None:
        """Read it anew, and let nobody else restore or remove it before this transaction ends.

        Raises:
            Trashed.DoesNotExist: somebody did already.
        """
        self.refresh_from_db(from_queryset=Trashed._base_manager.select_for_update())
