"""When Wagtail's own search, which the admin has, writes its index."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from modelsearch.index import FilterField
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from wagtail.models import get_page_models

from pages.models import BasePage


def connect() -> None:
    for model in get_page_models():
        post_save.connect(page_saved, sender=model)
        post_delete.connect(post_delete_signal_handler, sender=model)


def page_saved(
    sender: type[BasePage], instance: BasePage, update_fields: Any, **kwargs: Any
) -> None:
    """Index a page, unless it was saved by naming its fields, as a draft is, and none is searched.

    Those by which an index is filtered are columns of the page.
    """
    fields = sender.get_search_fields()
    searched = {field.field_name for field in fields if not isinstance(field, FilterField)}
    if update_fields is None or searched & set(update_fields):
        post_save_signal_handler(instance, **kwargs)
