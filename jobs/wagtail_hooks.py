"""What the operator sees of the work behind the requests."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from jobs.models import Heartbeat
from jobs.schedule import late_pages, lateness
from jobs.worker import LATE

MOST = 10  # pages that are named


class LateSchedule(Component):
    order = -20

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def render_html(self, parent_context: Any = None) -> SafeString:
        pages = format_html_join(
            "",
            '<li><a href="{}" dir="auto">{}</a> {}</li>',
            (
                (reverse("wagtailadmin_pages:edit", args=[page.pk]), page.title,
                 date_format(timezone.localtime(due), "SHORT_DATETIME_FORMAT"))
                for page, due in late_pages(MOST)
            ),
        )  # fmt: skip
        return format_html(
            '<div class="help-block help-critical" role="alert"><p>{}</p><ul>{}</ul></div>',
            self.words,
            pages,
        )


@hooks.register("construct_homepage_panels")
def tell_of_a_late_schedule(request: HttpRequest, panels: list) -> None:
    if request.user.is_superuser and (late := lateness()) > LATE:
        now = timezone.now()
        words = _("The schedule is late: something should have happened %(time)s ago.") % {
            "time": timesince(now - late, now)
        }
        seen = Heartbeat.objects.values_list("seen_at", flat=True).first()
        if seen is None or now - seen > LATE:
            since = date_format(timezone.localtime(seen), "DATETIME_FORMAT") if seen else _("never")
            words += " " + _("The worker was last seen: %(when)s. Start manage.py work.") % {
                "when": since
            }
        panels.append(LateSchedule(words))
