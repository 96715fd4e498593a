"""Analysing a folder: what each file would become, before anything is written."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blog.languages import known_language
from blog.models.redirect import Redirect
from portability.addresses import old_paths
from portability.anchors import Anchors
from portability.comments import LEFT_OUT as COMMENT_LEFT_OUT
from portability.dates import BadDate, date_in_path, read_date
from portability.fields import (
    aliases_of,
    authors_of,
    categories_of,
    cover_of,
    is_of_a_page,
    is_pinned,
    lowered,
    names_of,
    summary_of,
    text_of,
)
from portability.frontmatter import BrokenFrontMatter, FrontMatter, plain, take_apart
from portability.hidden import Sections, has_no_page, is_true
from portability.report import Outcome, Report
from portability.sites import Site, read_site, table, words
from portability.slugs import give_slugs, slug_of
from portability.sources import Source, find_sources

# Raise it when the same file would become something else: everything is then imported anew.
VERSION = "7"
LONGEST_TITLE = 255
FALSE = frozenset(("false", "no", "0", "off"))
UNRENDERED = frozenset(("never", "link", *FALSE))  # what Hugo's `build.render` may say
# By moment, the fields that tell it in Hugo, in its order.
MOMENTS = {
    "date": ("date", "publishdate", "pubdate", "published"),
    "publishdate": ("publishdate", "pubdate", "published"),
    "expirydate": ("expirydate", "unpublishdate"),
}
NO_PAGE = "The old site had no page of it, so it was imported as a draft."
LEFT_OUT = "The old site had no page of it, so it was left out."
PINNED = ("pinned", "sticky", "featured")  # one's own word, WordPress's and Ghost's
CODE = re.compile(r"`([^`]+)`")  # titles have no marks
UNDATED = "No date can be told, so it was imported as a draft."
NOTHING_TO_READ = "There is nothing to read in it, so it was imported as a draft."
MADE_BY_TAGS = "It is made by tags that aren't known here, so it was imported as a draft."
NOT_FOUND = "Weblogs answer by themselves where nothing is found, so it was imported as a draft."
OF_ENTRIES = ("tags", "categories", "authors", "cover", "language")
OUT_OF_PAGES = "Pages have none of this, so it was left out: {}"
SECTIONS_TEXT = "Weblogs have no text above their entries, so the section's own was left out."
HEADING = re.compile(r"#[ \t]+(?P<title>\S.*)\n")


@dataclass
class Planned:
    """What a file becomes."""

    source: Source
    matter: FrontMatter
    title: str
    slug: str
    date: datetime
    digest: str
    is_page: bool = False
    is_dated: bool = True
    is_live: bool = True
    is_pinned: bool = False
    is_unlisted: bool = False
    language: str = ""
    go_live_at: datetime | None = None
    expire_at: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    cover: str = ""
    cover_alt: str = ""
    tags: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    old_paths: list[str] = field(default_factory=list)
    page_id: int = 0

    def stay_what_it_is(self) -> None:
        """Be what an earlier import made of it: a page, or an entry, which needs a date."""
        self.is_page = not self.is_page
        self.is_live = self.is_live and (self.is_page or self.is_dated)


@dataclass
class Plan:
    entries: list[Planned] = field(default_factory=list)
    section: FrontMatter | None = None
    addresses: dict[str, Planned] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()  # where the site's settings say that it lived
    anchors: dict[str, Anchors] = field(default_factory=dict)  # by source, where links need them

    def at(self, path: str) -> Planned | None:
        """Return what an old address, or a file's name, has become."""
        return self.addresses.get(key(path))


def key(path: str) -> str:
    """Return the form under which addresses are compared: without ending, case and slashes."""
    path = Redirect.normalised(path).lower().removesuffix("/index.html").removesuffix("/index")
    return re.sub(r"\.(html?|md|markdown)$", "", path) or "/"


def analyse(
    folder: Path, report: Report, *, zone: ZoneInfo, taken: dict[str, str], exclude: tuple = ()
) -> Plan:
    """Read every file and decide what it becomes; what can't be read is listed in the report.

    ``taken`` maps slugs that exist in the weblog to the source they were imported from, if any.
    """
    site = read_site(folder)
    plan = Plan(hosts=site.hosts)
    for name, remark in site.remarks:
        report.note(name, 0, remark)
    sections = Sections(site)
    # Sections first, for what they say for the texts below them.
    sources = sorted(find_sources(folder, exclude), key=lambda source: not source.is_section)
    for source in sources:
        try:
            _add(plan, source, sections, report, zone)
        except OSError as error:
            report.fail(source.name, 0, f"The file can't be read: {error.strerror}.")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            report.fail(source.name, line, "The file isn't UTF-8 text.")
        except BrokenFrontMatter as error:
            report.fail(source.name, error.line, str(error))
        except Exception as error:  # whatever a file can hold; the others go on
            report.fail(source.name, 1, f"The file couldn't be read: {error!r:.200}")
    plan.entries.sort(key=lambda planned: (planned.date, planned.source.name))
    _tell_apart(plan.entries)
    give_slugs(plan.entries, taken, site.language)
    for planned in sorted(plan.entries, key=lambda planned: not planned.is_live):
        for path in [*planned.old_paths, planned.source.name, planned.source.stem]:
            plan.addresses.setdefault(key(path), planned)
    return plan


def _add(plan: Plan, source: Source, sections: Sections, report: Report, zone: ZoneInfo) -> None:
    if not source.is_named_in_utf8:
        report.fail(source.shown_name, 0, "The file's name isn't UTF-8; rename it.")
        return
    if source.is_left_out:
        report.fail(source.name, 0, LEFT_OUT)
        return
    if source.path.is_dir():
        report.fail(source.name, 0, "It is a link to a folder, and those aren't entered.")
        return
    if not source.is_markdown:
        report.fail(source.name, 0, "It isn't Markdown, and only Markdown is read.")
        return
    matter = take_apart(source.read().decode("utf-8"))
    if not source.is_section:
        plan.entries.append(_planned(source, matter, sections, report, zone))
        return
    sections.add(source, lowered(matter.fields))
    if "/" not in source.name and not source.language_of_name:
        plan.section = plan.section or matter
    if matter.body.strip():
        report.note(source.name, matter.body_line, SECTIONS_TEXT)
    report.outcomes[source.name] = Outcome.SECTION


def _planned(
    source: Source, matter: FrontMatter, sections: Sections, report: Report, zone: ZoneInfo
) -> Planned:
    fields, site = lowered(matter.fields), sections.site
    if "\0" in matter.body:
        report.note(source.name, matter.body_line, "NUL characters were left out.")
        matter.body = matter.body.replace("\0", "")
    title = _title(source, matter, fields, report)
    taxonomies, told = table(fields, "taxonomies"), sections.told_of(source, fields)
    date = _date(source, matter, fields, site, report, zone)
    is_said_to_be_page = source.is_page or is_of_a_page(fields)
    is_page = is_said_to_be_page or (date is None and _may_be_page(source, fields, site))
    if date is None and not is_page:
        report.note(source.name, 1, UNDATED)
    address = text_of(fields.get("path") or fields.get("permalink") or fields.get("url"))
    planned = Planned(
        source,
        matter,
        title,
        slug=slug_of(text_of(fields.get("slug")) or ("" if address else source.slug) or title),
        date=date or datetime.fromtimestamp(source.path.stat().st_mtime, UTC),
        digest=_digest(source),
        is_page=is_page,
        is_dated=date is not None,
        is_live=(is_page or date is not None) and not source.is_draft and not _is_draft(fields),
        is_pinned=any(is_pinned(fields.get(name)) for name in PINNED),
        language=_language(source, matter, fields, report),
        updated=_moment(fields.get("updated") or fields.get("lastmod"), zone),
        summary=summary_of(fields),
        cover=cover_of(fields),
        cover_alt=text_of(fields.get("image_alt"))[:255],
        tags=names_of(fields.get("tags") or taxonomies.get("tags"), at_spaces=source.is_jekyll),
        categories=categories_of(source, fields, taxonomies),
        authors=authors_of(source, told, report, site.people),
    )
    left = [name for name in OF_ENTRIES if is_page and getattr(planned, name)]
    if left:
        report.note(source.name, 1, OUT_OF_PAGES.format(", ".join(left)))
    _keep_back(planned, told, site, report, zone)
    if planned.is_live and is_page and not is_said_to_be_page and (why := _shows_nothing(planned)):
        planned.is_live = False
        report.note(source.name, matter.body_line, why)
    slug, aliases = text_of(fields.get("slug")), aliases_of(fields)
    planned.old_paths, left_out = old_paths(planned, address, slug, aliases, site)
    for path in left_out:
        report.note(source.name, 1, f"This old address was left out: {path[:200]}")
    # The site's settings give these, too.
    given: tuple = (
        source.is_jekyll, planned.language, planned.is_unlisted, sorted(planned.old_paths)
    )  # fmt: skip
    if site.people or told.get("author") != fields.get("author"):
        given += tuple(planned.authors)
    planned.digest = hashlib.sha256(f"{planned.digest}{given!r}".encode()).hexdigest()
    return planned


def _title(source: Source, matter: FrontMatter, fields: dict, report: Report) -> str:
    title = " ".join(text_of(fields.get("title")).split())
    if not title and (heading := HEADING.match(matter.body)):
        title = heading["title"].rstrip().rstrip("#").rstrip()
    title = CODE.sub(r"\1", title)
    if not title:
        title = source.slug.replace("-", " ").replace("_", " ").capitalize() or _("Untitled")
        report.note(source.name, 1, f"There is no title; the file's name became it: {title}")
    if len(title) > LONGEST_TITLE:
        line = matter.line_of("title")
        report.note(source.name, line, f"The title was cut to {LONGEST_TITLE} characters: {title}")
        title = Truncator(title).chars(LONGEST_TITLE)
    return title


def _date(
    source: Source, matter: FrontMatter, fields: dict, site: Site, report: Report, zone: ZoneInfo
) -> datetime | None:
    """Return the publication date, if one can be told."""
    if name := _name_of("date", fields, site):
        try:
            return read_date(fields[name], zone)
        except BadDate as error:
            report.note(source.name, matter.line_of(name), plain(str(error)))
    by_name = source.date and _moment(source.date, zone)
    return by_name or date_in_path(text_of(fields.get("path")), zone)


def _may_be_page(source: Source, fields: dict, site: Site) -> bool:
    """Tell whether a text without a date is a page: none of Jekyll's posts, or in no section."""
    section = source.folder.removeprefix(source.language_of_folder)
    is_above = not (source.collection if source.is_jekyll else section)
    return bool(site.maker) and is_above and not _name_of("date", fields, site)


def _shows_nothing(planned: Planned) -> str:
    """Return why a page had better stay with its writers, or ""."""
    source, listed = planned.source, set[str]()
    body = source.without_tags(planned.matter.body, 1, lambda _line, what: listed.add(what))
    if source.stem == "404":
        return NOT_FOUND
    if not body.strip():
        return NOTHING_TO_READ
    return MADE_BY_TAGS if listed - {COMMENT_LEFT_OUT} else ""


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    try:
        return read_date(value, zone) if value else None
    except BadDate:
        return None


def _is_draft(fields: dict) -> bool:
    is_published = text_of(fields.get("published", "true")).lower() not in FALSE
    return not is_published or text_of(fields.get("draft", "false")).lower() not in (*FALSE, "")


def _name_of(moment: str, fields: dict, site: Site) -> str:
    """Return the field that tells a moment, under the names that Hugo has for it; "" if none is."""
    own = words(lowered(site.table("frontmatter")).get(moment))
    told = [name for name in map(str.lower, [*own, *MOMENTS[moment]]) if fields.get(name)]
    # `published` may say no more than whether it is, and in Jekyll never does.
    published = site.maker != "jekyll" and _moment(fields.get("published"), UTC)
    return next((name for name in told if name != "published" or published), "")


def _keep_back(planned: Planned, fields: dict, site: Site, report: Report, zone: ZoneInfo) -> None:
    """Keep from readers what the old site kept from them: until a day, since a day, or always.

    Args:
        fields: those of the text, and those that it has of its sections.
    """
    name, matter, now = planned.source.name, planned.matter, datetime.now(UTC)
    moments: dict[str, datetime | None] = {"publishdate": planned.date, "expirydate": None}
    lines: dict[str, int] = {}
    for moment in moments:
        if field_name := _name_of(moment, fields, site):
            lines[moment] = matter.line_of(field_name)
            try:
                moments[moment] = read_date(fields[field_name], zone)
            except BadDate as error:
                planned.is_live = False
                report.note(name, lines[moment], plain(str(error)))
    begins, ends = moments["publishdate"], moments["expirydate"]
    if ends and ends > now:
        planned.expire_at = ends
    build = table(fields, "build") or table(fields, "_build")
    is_headless = is_true(fields.get("headless"))
    rendered = {text_of(told.get("render")).lower() for told in (fields, build)}
    is_without_page = is_headless or _is_draft(fields) or has_no_page(site, planned.source)
    if planned.is_live and (is_without_page or rendered & UNRENDERED):
        planned.is_live = False
        # It may be hidden, or shown, by another file than its own.
        planned.digest = hashlib.sha256(f"hidden: {planned.digest}".encode()).hexdigest()
        line = matter.line_of("headless" if is_headless else "render")
        report.note(name, line, NO_PAGE)
    if planned.is_live and ends and ends <= now:
        planned.is_live = False
        remark = "Its time on the old site is over, so it was imported as a draft."
        report.note(name, lines["expirydate"], remark)
    if planned.is_live and begins and begins > now:
        planned.is_live, planned.go_live_at = False, begins
    if not planned.is_page and text_of(build.get("list")).lower() in ("never", *FALSE):
        planned.is_unlisted = True
        report.note(name, matter.line_of("list"), "The old site listed it nowhere; it is unlisted.")


def _language(source: Source, matter: FrontMatter, fields: dict, report: Report) -> str:
    name = "lang" if fields.get("lang") else "language"
    written = text_of(fields.get(name))
    language = known_language(written)
    if written and not language:
        note = f"The language “{written[:40]}” isn't known here; the weblog's was taken."
        report.note(source.name, matter.line_of(name), note)
    return language or known_language(source.language)


def _tell_apart(entries: list[Planned]) -> None:
    """Give the entries of one day, known by the day alone, a second each in their order."""
    for before, planned in pairwise(entries):
        if (
            planned.date.timetz() == time(tzinfo=planned.date.tzinfo)
            and planned.date <= before.date
        ):
            planned.date = before.date + timedelta(seconds=1)


def _digest(source: Source) -> str:
    """Return what changes when the file, a picture beside it in a bundle, or the importer does."""
    digest = hashlib.sha256(VERSION.encode())
    digest.update(source.read())
    if source.is_bundle:
        for path in sorted(source.path.parent.iterdir()):
            if path.is_file() and path != source.path:
                digest.update(os.fsencode(f"{path.name}:{path.stat().st_size}"))
    return digest.hexdigest()
