"""The invisible panel that brings a writer's conveniences to the form of a page."""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse
from wagtail.admin.panels import Panel

from blog.editing.keys import id_of_form, key_of_copies
from blog.editing.sentences import sentences

LONGEST_PASTE = 1_000_000  # characters


class WritingPanel(Panel):
    """Loads the editor's modules and tells them whose page this is and whom to ask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "attrs": {"hidden": True}})

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/editing/panel.html"

        @property
        def media(self) -> forms.Media:
            return forms.Media(
                js=[Script("blog/editor/editor.js", type="module")],  # type: ignore[list-item]
                css={"all": ["blog/editor/editor.css"]},
            )

        @property
        def settings(self) -> dict[str, Any]:
            """What the modules need to know; a page that is being added is known by its parent."""
            page = self.instance
            known = page if page.pk else self.form.parent_page
            weblog = known.get_weblog()
            given_back = id_of_form(self.request)
            if page.pk:
                restore = reverse("restore_text", args=[page.pk])
            else:
                kind = [page._meta.app_label, page._meta.model_name, known.pk]
                restore = reverse("restore_new_text", args=kind)
            return {
                "user": self.request.user.pk,
                "form": given_back.hex if given_back else "",
                "collection": weblog.tenancy.collection_id if weblog else None,
                "key": key_of_copies(self.request.user),
                "longest": LONGEST_PASTE,
                # Pasting is portability's, which stands above this app and is known by name.
                "pages": reverse("wagtailadmin_choose_page_child", args=[(weblog or known).pk]),
                "paste": reverse("paste_blocks", args=[known.pk]),
                "restore": restore,
                "session": f"{reverse('writing_session')}?weblog={weblog.pk if weblog else ''}",
                "weblog": weblog.title if weblog else "",
                "signIn": reverse("wagtailadmin_login"),
                "upload": reverse("wagtailimages_chooser:create"),
                "sentences": sentences(),
            }
