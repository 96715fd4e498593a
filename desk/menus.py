"""What somebody may do with a weblog as a whole: the menu above its list of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from blog.models import BlogIndexPage
from tenancy.models import State
from tenancy.states import may_become

if TYPE_CHECKING:
    from users.models import User


def acts_on_weblog(weblog: BlogIndexPage, user: User) -> list[Button]:
    """Return what the start page offers, too, of the few weblogs that it shows, and the labels."""
    state, at = weblog.tenancy.state, [weblog.pk]
    if state == State.TRASHED:
        return []  # beside its notice stands what takes it back
    is_open = state != State.ARCHIVED or user.is_superuser
    acts = []
    if is_open and user.may_edit_all(weblog.pk):
        acts.append((_("Tags"), "tag", reverse("tags", args=at)))
        acts.append((_("Authors"), "user", reverse("authors", args=at)))
    acts.append((_("People"), "group", reverse("people", args=at)))
    acts.append((_("Trash"), "bin", reverse("trash", args=at)))
    if user.may_rule(weblog.pk):
        acts.append((_("Address"), "site", reverse("address", args=at)))
        if is_open:
            acts.append((_("Settings"), "cog", reverse("wagtailadmin_pages:edit", args=at)))
    if State.TRASHED in may_become(weblog.tenancy, user):
        back = urlencode({"next": reverse("wagtailadmin_explore", args=at)})
        asked = reverse("weblog_state", args=[weblog.pk, State.TRASHED])
        acts.append((_("Delete"), "bin", f"{asked}?{back}"))
    return [
        Button(label, url=url, icon_name=icon, priority=place)
        for place, (label, icon, url) in enumerate(acts, start=2000)
    ]


def of_the_tree(button: Button, weblog: BlogIndexPage) -> bool:
    """Tell whether Wagtail's own button is for what one of ours is for."""
    names = ("wagtailadmin_pages:edit", "wagtailadmin_pages:delete")
    return button.url in {reverse(name, args=[weblog.pk]) for name in names}
