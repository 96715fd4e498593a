"""What portability adds to Wagtail's admin."""

from django.urls import URLPattern, path
from wagtail import hooks

from portability.pasting import paste


@hooks.register("register_admin_urls")
def register_pasting() -> list[URLPattern]:
    return [path("pages/<int:page_id>/paste/", paste, name="paste_blocks")]
