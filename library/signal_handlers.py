"""Pictures notice when a rendition of theirs is gone."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from library.models import Picture, Rendition


@receiver(post_delete, sender=Rendition)
def rendition_deleted(instance: Rendition, origin: Any, **kwargs: Any) -> None:
    """Have the picture tell of no rendition that is gone, unless the picture goes too."""
    if not isinstance(origin, Picture) and getattr(origin, "model", None) is not Picture:
        pictures = Picture.objects.filter(pk=instance.image_id)
        pictures.update(sources={}, is_rendered=False)
