"""The start page: writing comes first."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django import forms
from wagtail.admin.ui.components import Component

from blog.models import BlogEntryPage
from desk.weblogs import (
    lately_written_in,
    published_lately,
    reviewed_by,
    unfinished_pages,
    weblogs_to_write_in,
)
from pages.permissions import CLOSED
from tenancy.models import State, Tenancy
from tenancy.states import may_become
from tenancy.storage import nearly_full

MOST_WEBLOGS = 6


class WritePanel(Component):
    """The weblogs that the person writes in, with what is unfinished and published lately.

    Of many weblogs those where a review waits for them, then those that they wrote in last, then
    their own; and a way to all.
    """

    order = 0
    template_name = "desk/write_panel.html"
    media = forms.Media(css={"all": ["desk/desk.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        user = parent_context["request"].user
        weblogs = weblogs_to_write_in(user)
        shown = list(weblogs[: MOST_WEBLOGS + 1])
        there_are_more = len(shown) > MOST_WEBLOGS
        if there_are_more:
            known = [*reviewed_by(user), *lately_written_in(user), *user.memberships]
            first = list(dict.fromkeys(known))[:MOST_WEBLOGS]
            found = weblogs.in_bulk(first)
            of_theirs = [found[pk] for pk in first if pk in found]
            shown = list(dict.fromkeys([*of_theirs, *shown]))[:MOST_WEBLOGS]
        unfinished, published = unfinished_pages(shown, user), published_lately(shown)
        storages = nearly_full(Tenancy.objects.filter(weblog__in=shown))
        return {
            "owned": {w.pk for w in shown if user.may_rule(w.pk)},
            "editable": {
                entry.pk
                for entry in chain.from_iterable([*unfinished.values(), *published.values()])
                if entry.permissions_for_user(user).can_edit()
            },
            "deletable": {w.pk for w in shown if State.TRASHED in may_become(w.tenancy, user)},
            "restorable": {
                w.pk for w in shown if w.tenancy.restored_state in may_become(w.tenancy, user)
            },
            "user": user,
            "closed": CLOSED,
            "weblogs": [
                (
                    weblog,
                    unfinished.get(weblog.pk, []),
                    published.get(weblog.pk, []),
                    storages.get(weblog.pk),
                )
                for weblog in shown
            ],
            "there_are_more": there_are_more,
            "entry_type": BlogEntryPage._meta,
        }
