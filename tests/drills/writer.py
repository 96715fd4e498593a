"""A process that writes while others serve: does what lines on its input ask for, and answers.

Each line and each answer is JSON; times are of the clock that all processes of a machine share.
"""

import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import OperationalError, close_old_connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import PageLogEntry  # noqa: E402

from blog.factories import make_entry  # noqa: E402
from blog.models import BlogEntryPage, BlogIndexPage  # noqa: E402
from tenancy.provisioning import create_weblog, ensure_platform  # noqa: E402
from tests.drills.platform import PASSWORD  # noqa: E402


def prepare() -> dict[str, Any]:
    ensure_platform()
    weblogs = {}
    for name in ("amelie", "bob"):
        weblog = create_weblog(name.title(), host=f"{name}.localhost", owner=f"{name}@example.org")
        for number in range(20):
            make_entry(weblog, f"{name} entry {number}", tags=("Life",))
        news = make_entry(weblog, f"{name} news", slug="news", tags=("Life",), date=timezone.now())
        words = f"<p>Words of {name}</p>" * 400
        letter = make_entry(weblog, f"{name} letter", body=[("paragraph", words)])
        weblogs[name] = {"weblog": weblog.pk, "news": news.pk, "letter": letter.pk}
    for owner in get_user_model().objects.filter(email__endswith="@example.org"):
        owner.set_password(PASSWORD)
        owner.save()
    return weblogs


def publish(pk: int, title: str) -> dict[str, Any]:
    entry = BlogEntryPage.objects.get(pk=pk)
    entry.title, entry.date = title, timezone.now()  # so that it stands first in every list
    entry.save_revision().publish()
    return {"at": time.monotonic()}


def state(pk: int) -> dict[str, Any]:
    entry = BlogEntryPage.objects.get(pk=pk)
    return {
        "shown": entry.title,
        "live_revision": entry.live_revision.content["title"],
        "latest_revision": entry.latest_revision.content["title"],
        "changes": entry.has_unpublished_changes,
    }


def schedule(weblog: int, number: int, seconds: float) -> list[int]:
    """Have entries appear in a moment; return their ids."""
    now = timezone.now()
    due = now + timedelta(seconds=seconds)
    home = BlogIndexPage.objects.get(pk=weblog)
    with time_machine.travel(now, tick=False):  # they are to come, however long this takes
        entries = [make_entry(home, f"Due {n}", live=False, go_live_at=due) for n in range(number)]
        for entry in entries:
            entry.save_revision().publish()
    return [entry.pk for entry in entries]


def appeared(*keys: int) -> dict[str, Any]:
    """Tell how many of the entries are published, and how often each was."""
    log = PageLogEntry.objects.filter(page_id__in=keys, action="wagtail.publish.scheduled")
    times = log.values("page_id").annotate(times=Count("pk")).values_list("times", flat=True)
    live = BlogEntryPage.objects.filter(pk__in=keys, live=True)
    return {"live": live.count(), "times": list(times)}


ACTS = {
    "schedule": schedule,
    "appeared": appeared,
    "prepare": prepare,
    "publish": publish,
    "state": state,
}


def main() -> None:
    for line in sys.stdin:
        act, *arguments = json.loads(line)
        close_old_connections()
        try:
            answer = ACTS[act](*arguments)
        except OperationalError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


main()
