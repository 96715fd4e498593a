"""Names that feeds know things by, for ever: they outlive every slug and domain (RFC 4151)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class HasTagURI(models.Model):
    """Mints a tag URI when the page is first saved; a copy of the page gets one of its own."""

    tag_uri = models.CharField(max_length=255, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.tag_uri:
            day = timezone.now().date().isoformat()
            self.tag_uri = f"tag:{settings.PLATFORM_HOSTNAME},{day}:{uuid.uuid4()}"
        return super().save(*args, **kwargs)
