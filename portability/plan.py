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
from portability.dates import BadDate, date_in_path, read_date
from portability.frontmatter import BrokenFrontMatter, FrontMatter, plain, take_apart
from portability.hidden import Sections, has_no_page, is_true
from portability.report import Outcome, Report
from portability.sites import Site, read_site, table, words
from portability.slugs import give_slugs, slug_of
from portability.sources import Source, find_sources

# Raise it when the same file would become something else: everything is then imported anew.
VERSION = "7"
LONGEST_TITLE = 255
LONGEST_SUMMARY = 1000
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
# Of people, who never meant it for readers; "@ann@example.social" is one's name there.
ADDRESS = re.compile(r"(?<!\S)[<(]?(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?(?!\S)")
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
    sections.add(source, _lowered(matter.fields))
    if "/" not in source.name and not source.language_of_name:
        plan.section = plan.section or matter
    if matter.body.strip():
        report.note(source.name, matter.body_line, SECTIONS_TEXT)
    report.outcomes[source.name] = Outcome.SECTION


def _planned(
    source: Source, matter: FrontMatter, sections: Sections, report: Report, zone: ZoneInfo
) -> Planned:
    fields, site = _lowered(matter.fields), sections.site
    if "\0" in matter.body:
        report.note(source.name, matter.body_line, "NUL characters were left out.")
        matter.body = matter.body.replace("\0", "")
    title = _title(source, matter, fields, report)
    taxonomies = table(fields, "taxonomies")
    date, is_dated = _date(source, matter, fields, site, report, zone)
    address = _text(fields.get("path") or fields.get("permalink") or fields.get("url"))
    planned = Planned(
        source,
        matter,
        title,
        slug=slug_of(_text(fields.get("slug")) or ("" if address else source.slug) or title),
        date=date,
        digest=_digest(source),
        is_page=source.is_page or _text(fields.get("layout")) == "page",
        is_live=is_dated and not source.is_draft and not _is_draft(fields),
        is_pinned=any(_is_pinned(fields.get(name)) for name in PINNED),
        language=_language(source, matter, fields, report),
        updated=_moment(fields.get("updated") or fields.get("lastmod"), zone),
        summary=_summary(fields),
        cover=_cover(fields),
        cover_alt=_text(fields.get("image_alt"))[:255],
        tags=_names(fields.get("tags") or taxonomies.get("tags"), at_spaces=source.is_jekyll),
        categories=_categories(source, fields, taxonomies),
        authors=_authors(source, fields, report),
    )
    _keep_back(planned, sections.told_of(source, fields), site, report, zone)
    slug, aliases = _text(fields.get("slug")), _aliases(fields)
    planned.old_paths, left_out = old_paths(
        planned, address, slug, aliases, site, is_dated=is_dated
    )
    for path in left_out:
        report.note(source.name, 1, f"This old address was left out: {path[:200]}")
    # The site's settings give these, too.
    given = (
        source.is_jekyll, planned.language, planned.is_unlisted, sorted(planned.old_paths)
    )  # fmt: skip
    planned.digest = hashlib.sha256(f"{planned.digest}{given!r}".encode()).hexdigest()
    return planned


def _title(source: Source, matter: FrontMatter, fields: dict, report: Report) -> str:
    title = " ".join(_text(fields.get("title")).split())
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
) -> tuple[datetime, bool]:
    """Return the publication date, and whether one could be told."""
    if name := _name_of("date", fields, site):
        try:
            return read_date(fields[name], zone), True
        except BadDate as error:
            report.note(source.name, matter.line_of(name), plain(str(error)))
    by_name = source.date and _moment(source.date, zone)
    if moment := by_name or date_in_path(_text(fields.get("path")), zone):
        return moment, True
    is_timeless = source.is_page or _text(fields.get("layout")) == "page"
    if not is_timeless:
        report.note(source.name, 1, "No date can be told, so it was imported as a draft.")
    changed = datetime.fromtimestamp(source.path.stat().st_mtime, UTC)
    return changed, is_timeless


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    try:
        return read_date(value, zone) if value else None
    except BadDate:
        return None


def _is_draft(fields: dict) -> bool:
    is_published = _text(fields.get("published", "true")).lower() not in FALSE
    return not is_published or _text(fields.get("draft", "false")).lower() not in (*FALSE, "")


def _name_of(moment: str, fields: dict, site: Site) -> str:
    """Return the field that tells a moment, under the names that Hugo has for it; "" if none is."""
    own = words(_lowered(site.table("frontmatter")).get(moment))
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
    rendered = {_text(told.get("render")).lower() for told in (fields, build)}
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
    if not planned.is_page and _text(build.get("list")).lower() in ("never", *FALSE):
        planned.is_unlisted = True
        report.note(name, matter.line_of("list"), "The old site listed it nowhere; it is unlisted.")


def _language(source: Source, matter: FrontMatter, fields: dict, report: Report) -> str:
    name = "lang" if fields.get("lang") else "language"
    written = _text(fields.get(name))
    language = known_language(written)
    if written and not language:
        note = f"The language “{written[:40]}” isn't known here; the weblog's was taken."
        report.note(source.name, matter.line_of(name), note)
    return language or known_language(source.language)


def _summary(fields: dict) -> str:
    text = _text(fields.get("description") or fields.get("summary") or fields.get("excerpt"))
    return Truncator(" ".join(text.split())).chars(LONGEST_SUMMARY)


def _aliases(fields: dict) -> list[str]:
    aliases = fields.get("aliases") or fields.get("redirect_from") or []
    # An empty one would be the front page's.
    return list(filter(None, map(_text, aliases if isinstance(aliases, list) else [aliases])))


def _tell_apart(entries: list[Planned]) -> None:
    """Give the entries of one day, known by the day alone, a second each in their order."""
    for before, planned in pairwise(entries):
        if (
            planned.date.timetz() == time(tzinfo=planned.date.tzinfo)
            and planned.date <= before.date
        ):
            planned.date = before.date + timedelta(seconds=1)


def _categories(source: Source, fields: dict, taxonomies: dict) -> list[str]:
    names = source.jekylls_categories if source.is_jekyll else []
    names += _names(fields.get("categories"), at_spaces=source.is_jekyll) or _names(
        fields.get("category") or taxonomies.get("categories")
    )
    return list({name.lower(): name for name in names}.values())


def _names(value: Any, *, at_spaces: bool = False) -> list[str]:
    """Return names from a list, or from words between commas or, as in Jekyll, spaces."""
    if isinstance(value, str):
        value = value.split("," if "," in value or not at_spaces else None)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return []
    names = [_text(each.get("name") if isinstance(each, dict) else each) for each in value]
    return [name for name in (" ".join(name.split()) for name in names) if name]


def _lowered(fields: dict) -> dict:
    return {name.lower(): value for name, value in fields.items()}


def _cover(fields: dict) -> str:
    cover = fields.get("image") or fields.get("cover") or table(fields, "extra").get("image")
    if isinstance(cover, dict):
        cover = cover.get("image") or cover.get("src") or cover.get("path")
    return _text(cover)


def _authors(source: Source, fields: dict, report: Report) -> list[str]:
    extra = table(fields, "extra")
    written = _names(fields.get("authors") or fields.get("author") or extra.get("author"))
    names = [" ".join(ADDRESS.sub("", name).split()) for name in written]
    if names != written:
        report.note(source.name, 1, "Authors' e-mail addresses were left out.")
    return list(filter(None, names))


def _is_pinned(value: Any) -> bool:
    """Tell whether a field says so, or how far up; it may name the picture of what is featured."""
    text = _text(value).lower()
    return is_true(text) or (text.isdecimal() and text.strip("0") != "")


def _text(value: Any) -> str:
    try:
        return plain(str(value)) if isinstance(value, (str, int, float)) else ""
    except ValueError:  # Python writes no number of more than 4300 digits
        return ""


def _digest(source: Source) -> str:
    """Return what changes when the file, a picture beside it in a bundle, or the importer does."""
    digest = hashlib.sha256(VERSION.encode())
    digest.update(source.read())
    if source.is_bundle:
        for path in sorted(source.path.parent.iterdir()):
            if path.is_file() and path != source.path:
                digest.update(os.fsencode(f"{path.name}:{path.stat().st_size}"))
    return digest.hexdigest()
