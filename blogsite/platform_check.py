"""Rendering the platform's own pages, and those that stand for what can't be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory

from blog.factories import make_picture
from blog.models import BlogIndexPage, InfoPage
from blogsite.theme_check import (
    LANGUAGES,
    STATUSES,
    example,
    faults_of_page,
    keep_page,
    taken_away,
)
from blogsite.views import not_taken, server_error
from tenancy.hosts import forget_hosts, host_table
from tenancy.models import State
from tenancy.states import set_state
from themes.looks import look_of
from themes.manifest import DEFAULT, find

OWN = (
    "/", "/search/", "/search/?q=first", "/search/?q=nothing", "/no-such-page/", "/check-imprint/",
)  # fmt: skip
CLOSED = {State.SUSPENDED: 503, State.TRASHED: 410}


def faults(keep: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each fault. Whatever the check makes, it takes away again.

    Each page is also written into the folder ``keep``, for other checkers.
    """
    with taken_away():
        weblogs = [example(find(DEFAULT), language) for language in LANGUAGES]
        for name, response, status in _answers(weblogs):
            if keep:
                keep_page(keep, name, response)
            for fault in faults_of_page(look_of(None).theme, response, status, ["main"]):
                yield f"{name}: {fault}"
    forget_hosts()


def _answers(weblogs: list[BlogIndexPage]) -> Iterator[tuple[str, Any, int]]:
    """Yield the name, the answer and the status it must have of every page."""
    weblogs[0].picture = make_picture(weblogs[0])
    weblogs[0].save()
    platform = host_table().hosts[settings.PLATFORM_HOSTNAME].site.root_page
    platform.add_child(instance=InfoPage(title="Imprint", slug="check-imprint"))
    for path in OWN:
        name = f"platform {path}"
        yield name, _read(settings.PLATFORM_HOSTNAME, path), STATUSES.get(path, 200)
    for weblog in weblogs:
        host = weblog.get_site().hostname
        for state, status in CLOSED.items():
            set_state(weblog.tenancy, state)
            forget_hosts()
            yield f"{host} {state}", _read(host, "/"), status
    request = RequestFactory().get("/", headers={"host": settings.PLATFORM_HOSTNAME})
    yield "not taken", not_taken(request), 403
    yield "out of order", server_error(request), 500
    try:
        raise OperationalError
    except OperationalError:
        yield "database away", server_error(request), 503


def _read(host: str, path: str) -> Any:
    return Client(headers={"host": host}).get(path)
