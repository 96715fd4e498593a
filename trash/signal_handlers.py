"""What happens elsewhere and matters to the trash."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.dispatch import receiver
from wagtail.models import ReferenceIndex
from wagtail.signals import page_unpublished

from library.models import Picture
from pages.models import BasePage
from pages.permissions import READ_ONLY
from tenancy.models import Tenancy
from tenancy.signals import state_left
from trash.files import withdraw
from trash.models import Trashed


@receiver(page_unpublished)
def withdraw_what_it_showed(instance: BasePage, **kwargs: Any) -> None:
    """Withdraw a trashed file from readers when the last page that shows it goes."""
    shown = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id=str(instance.pk),
        to_content_type=ContentType.objects.get_for_model(Picture),
    )
    keys = {int(pk) for pk in shown.values_list("to_object_id", flat=True)}
    for picture in Picture._base_manager.filter(pk__in=keys, trashed_at__isnull=False):
        withdraw(picture)


@receiver(state_left)
def give_back_time(instance: Tenancy, before: str, since: datetime, **kwargs: Any) -> None:
    """Keep what is in the trash for longer by the time in which nobody could take it back."""
    if before in READ_ONLY:
        rows = Trashed._base_manager.filter(weblog=instance.weblog_id)
        rows.update(due_at=F("due_at") + (instance.state_since - since))
