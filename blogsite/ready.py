"""What a new process does before it answers, so that its first reader doesn't wait for it."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, InterfaceError, connection
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import gettext

from blog.blocks.code import highlighted
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from home.models import HomePage
from pagecache import generations
from pagecache.code_stamp import code_stamp
from pages.models import child_query
from tenancy.hosts import host_table
from themes.manifest import FOLDER as THEMES

log = logging.getLogger(__name__)
# What code is most often written in; Pygments takes some 20 ms to learn to read each.
LANGUAGES = ("bash", "css", "html", "javascript", "json", "python", "sql")
URL_MAPS = ("blogsite.reader_urls", "blogsite.urls")
WITH_HANDLERS = (400, 403, 404, 500)
OF_READERS = ("blogsite", "blog", "home")
LONGEST_STATEMENT = "30s"
PAGES = (BlogEntryPage, BlogIndexPage, InfoPage, HomePage)


def bound_statements() -> None:
    """Have PostgreSQL give up what somebody waits for in vain; commands take their time."""
    options = connection.settings_dict.get("OPTIONS", {})
    if "statement_timeout" not in options.get("options", "statement_timeout"):
        options["options"] += f" -c statement_timeout={LONGEST_STATEMENT}"


def make_ready() -> None:
    """Read templates, translations, languages of code and hosts; nobody's page is made."""
    code_stamp()
    for name in URL_MAPS:
        _ = get_resolver(name).url_patterns
        for status in WITH_HANDLERS:  # which Django would import when it first needs them
            get_resolver(name).resolve_error_handler(status)
    for name in template_names():
        get_template(name)
    with translation.override(settings.LANGUAGE_CODE):  # reads its catalogue
        gettext("Archive")
    for language in LANGUAGES:
        highlighted("x", language)
    try:
        generations.refresh()  # which would have the hosts forgotten when it first says any number
        host_table()
        ContentType.objects.get_for_models(*PAGES)
        child_query(BlogEntryPage, False)(first="", last="", depth=0, slug="")
    except (DatabaseError, InterfaceError) as error:
        log.warning("The database is away as this process begins: %s", error)
    finally:
        connection.close()  # of the thread that begins, which answers nobody
    # What is here now stays: nobody need look through it for garbage again and again.
    gc.collect()
    gc.freeze()


def template_names() -> list[str]:
    """Return the names of the templates that readers' pages are made of."""
    folders = [Path(settings.BASE_DIR, app, "templates") for app in OF_READERS]
    found = [(folder, path) for folder in folders for path in folder.rglob("*.html")]
    found += [(THEMES, path) for path in THEMES.glob("*/templates/*.html")]
    return sorted(str(path.relative_to(folder)) for folder, path in found)
