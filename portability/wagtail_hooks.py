"""What portability adds to Wagtail's admin."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from portability.pasting import paste


@hooks.register("register_admin_urls")
def register_pasting() -> list[URLPattern]:
    return [path("pages/<int:page_id>/paste/", paste, name="paste_blocks")]


@hooks.register("register_log_actions")
def name_what_imports_do(actions: Any) -> None:
    actions.register_action(
        "import.change", _("Change by an import"), _("Changed by an import, as its file was")
    )
    actions.register_action(
        "import.hide", _("Hide by an import"), _("Taken down by an import, as its file hides it")
    )
