"""A trashed file is withdrawn from readers when the last page that shows it goes."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.dispatch import receiver
from wagtail.models import ReferenceIndex
from wagtail.signals import page_unpublished

from library.models import Picture
from pages.models import BasePage
from trash.files import withdraw


@receiver(page_unpublished)
def withdraw_what_it_showed(instance: BasePage, **kwargs: Any) -> None:
    shown = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id=str(instance.pk),
        to_content_type=ContentType.objects.get_for_model(Picture),
    )
    keys = {int(pk) for pk in shown.values_list("to_object_id", flat=True)}
    for picture in Picture._base_manager.filter(pk__in=keys, trashed_at__isnull=False):
        withdraw(picture)
