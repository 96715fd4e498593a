"""Keeps each page's weblog right when a branch of the tree is moved."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import post_page_move

from pages.models import BasePage


@receiver(post_page_move)
def follow_the_weblog(instance: BasePage, parent_page_after: BasePage, **kwargs: Any) -> None:
    """Give a moved page and its descendants the weblog of their new parent.

    A weblog's root stays its own weblog, wherever it goes.
    """
    if not instance.specific_class.is_weblog:
        branch = BasePage.objects.filter(path__startswith=instance.path)
        branch.update(weblog_id=parent_page_after.weblog_id)
