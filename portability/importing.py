"""Taking a folder of Markdown over into a weblog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from blog.blocks.length import LONGEST
from blog.models import Author, BlogEntryPage, BlogIndexPage, Category, InfoPage, Redirect, Tag
from blog.models.labels import Label
from library.models import Picture
from library.storages import is_away
from pages.models import BasePage
from pages.statistics import collect_statistics
from portability.blocks import blocks_from_markdown
from portability.file_surroundings import FileSurroundings
from portability.frontmatter import plain
from portability.ids import with_ids
from portability.models import LONGEST_SOURCE, Imported
from portability.pictures import RehearsedShelf, Shelf
from portability.plan import Plan, Planned, analyse
from portability.report import Outcome, Report
from portability.sites import JEKYLL

TOO_LONG = f"a text of more than {LONGEST:,} characters is one block: divide it to change it here"
TOO_DEEP = "The text is nested too deeply to be read."
STILL_PUBLISHED = (
    "By its file it would be hidden; it is still published, for its writer has changed or "
    "published it."
)
TAKEN_DOWN = "By its file it is hidden now, so it was taken down."
ProgressCallback = Callable[[int, int], object]


class FolderError(Exception):
    """There is nothing to import from; the message says so for people."""


def import_folder(
    folder: Path | str,
    weblog: BlogIndexPage,
    *,
    exclude: Iterable[str] = (),
    old_hosts: Iterable[str] = (),
    progress: ProgressCallback | None = None,
    rehearse: bool = False,
) -> Report:
    """Import every Markdown file below a folder into a weblog, and report on each.

    Running it again changes nothing where nothing changed; stopped half way, it goes on from there.

    Args:
        exclude: folders below ``folder`` to leave out.
        old_hosts: where the weblog lived; links to these hosts lead to the imported pages.
        progress: is told how many files are done of how many.
        rehearse: analyse and report only.

    Raises:
        FolderError: the folder doesn't exist.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FolderError(f"“{folder}” isn't a folder.")
    run = _Run(folder, weblog, frozenset(old_hosts), progress or (lambda done, total: None))
    return run.run(tuple(exclude), rehearse)


class _Run:
    def __init__(
        self,
        folder: Path,
        weblog: BlogIndexPage,
        old_hosts: frozenset[str],
        progress: ProgressCallback,
    ) -> None:
        self.folder, self.weblog, self.progress = folder, weblog, progress
        self.own_hosts = old_hosts | {urlsplit(weblog.full_url).netloc}
        self.report = Report()
        self.shelf = Shelf(folder, weblog, self.report)
        self.known = self._known()
        self.plan = Plan()

    def _known(self) -> dict[str, Imported]:
        """Return what was imported before, by the name of its source in this folder.

        Then it may have been Jekyll's folder of posts, and now its whole site, or the reverse.
        """
        known = {row.source: row for row in Imported.objects.filter(weblog_id=self.weblog.pk)}
        root = self.shelf.root
        for source, row in list(known.items()):
            for posts in JEKYLL:
                is_inside = root.name == posts
                name = source.removeprefix(f"{posts}/") if is_inside else f"{posts}/{source}"
                if (root / name).is_file() and not (root / source).exists():
                    known.setdefault(name, row)
        return known

    def run(self, exclude: tuple[str, ...], rehearse: bool) -> Report:
        zone = ZoneInfo(self.weblog.time_zone)
        with translation.override(self.weblog.language):  # for titles
            self.plan = analyse(
                self.folder, self.report, zone=zone, taken=self._taken_slugs(), exclude=exclude
            )
        pages = set(InfoPage.objects.child_of(self.weblog).values_list("pk", flat=True))
        for planned in self.plan.entries:
            row = self.known.get(planned.source.name)
            planned.page_id = (row and row.page_id) or 0
            if planned.page_id and planned.is_page != (planned.page_id in pages):
                planned.stay_what_it_is()
        if rehearse:
            self._rehearse()
            return self.report
        self._introduce()
        with disable_reference_index_auto_update():
            try:
                self._write_all()
            except KeyboardInterrupt:
                self.report.is_stopped = True
        return self.report

    def _rehearse(self) -> None:
        """Report what an import would do and remark, but store nothing."""
        self.report.is_rehearsal = True
        self.shelf = RehearsedShelf(self.folder, self.weblog, self.report)
        entries, total = self.plan.entries, len(self.plan.entries)
        for planned in entries:  # first all, as links lead to each other
            self.report.outcomes[planned.source.name] = self._foreseen(planned)
        for number, planned in enumerate(entries, start=1):
            if self.report.outcomes[planned.source.name] in (Outcome.IMPORTED, Outcome.UPDATED):
                with self._alone(planned):
                    self._blocks_of(planned, self._near(planned))
                    self._cover_of(planned)
            self.progress(number, total)

    def _taken_slugs(self) -> dict[str, str]:
        """Return the weblog's slugs, each with the source that it was imported from, or ""."""
        sources = {row.page_id: name for name, row in self.known.items() if row.page_id}
        pages = BasePage.objects.child_of(self.weblog).values_list("slug", "pk")
        return {slug: sources.get(pk, "") for slug, pk in pages}

    def _introduce(self) -> None:
        """Give the weblog the title and description of the folder's root, where it has none."""
        section = self.plan.section
        if section is None or self.known:
            return
        description = section.fields.get("description")
        if isinstance(description, str) and not self.weblog.tagline:
            self.weblog.tagline = plain(description)[:255]
            self.weblog.save(update_fields=["tagline"])

    def _write_all(self) -> None:
        entries, total = self.plan.entries, len(self.plan.entries)
        # A second round for those that link to pages which the first one was still to make.
        waiting: list[Planned] = []
        for number, planned in enumerate(entries, start=1):
            if self._write(planned):
                waiting.append(planned)
            self.progress(number, total)
        for planned in waiting:
            self._write(planned, is_second_round=True)
        if entries:
            collect_statistics()

    def _write(self, planned: Planned, *, is_second_round: bool = False) -> bool:
        """Import one file; tell whether it links to pages that are still to come."""
        name = planned.source.name
        outcome = self._foreseen(planned)
        if outcome not in (Outcome.IMPORTED, Outcome.UPDATED):
            self.report.outcomes[name] = outcome
            return False
        if not is_second_round:
            self.report.outcomes[name] = outcome
        with self._alone(planned), transaction.atomic():
            is_change = outcome is Outcome.UPDATED and not is_second_round
            return self._store(planned, is_change=is_change)
        self.shelf.forget()
        return False

    @contextmanager
    def _alone(self, planned: Planned) -> Iterator[None]:
        """Let a file fail alone: the others go on."""
        name = planned.source.name
        try:
            yield
        except ValidationError as error:
            self.report.fail(name, 1, " ".join(error.messages))
        except RecursionError:
            self.report.fail(name, 1, TOO_DEEP)
        except Exception as error:
            if is_away(error) or isinstance(error, (OperationalError, InterfaceError)):
                raise  # the next file would fare no better
            self.report.fail(name, 1, f"The file couldn't be imported: {error!r:.200}")

    def _foreseen(self, planned: Planned) -> Outcome:
        row = self.known.get(planned.source.name)
        if row is None:
            return Outcome.IMPORTED
        if row.page_id is None:
            return Outcome.DELETED
        if row.digest == planned.digest:
            return Outcome.UNCHANGED
        told = ("latest_revision_id", "live", "expired", "first_published_at", "trashed_at")
        page = BasePage.objects.filter(pk=row.page_id).only(*told).first()
        if page is None or page.trashed_at:
            return Outcome.DELETED
        # Taking a page down leaves no revision.
        is_taken_down = page.first_published_at and not page.live and not page.expired
        is_edited = is_taken_down or row.revision_id != page.latest_revision_id
        is_kept = is_edited or (not planned.is_live and _is_published_by_hand(page))
        if page.live and not planned.is_live:
            remark = STILL_PUBLISHED if is_kept else TAKEN_DOWN
            self.report.note(planned.source.name, 1, remark)
        return Outcome.EDITED if is_kept else Outcome.UPDATED

    def _store(self, planned: Planned, *, is_change: bool) -> bool:
        """Write the page, its redirects and the note of where it came from, all or nothing."""
        near = self._near(planned)
        page = self._page(planned)
        blocks = self._blocks_of(planned, near)
        page.body = with_ids(blocks, [dict(block) for block in page.body.raw_data])
        is_hidden_now = bool(page.pk) and page.live and not planned.is_live
        if page.pk and not planned.is_live:
            _take_down(page)
        self._fill(page, planned)
        is_new = page.pk is None
        if is_new:
            self.weblog.add_child(instance=page)
        revision = page.save_revision(log_action=False)
        if planned.is_live and is_new:
            _appear(page, revision)
        elif planned.is_live or planned.go_live_at:
            revision.publish(log_action=False)  # or schedule
        if planned.is_live:
            moment = planned.updated or planned.date
            BasePage.objects.filter(pk=page.pk).update(
                first_published_at=planned.date, last_published_at=moment
            )
        if is_change:
            log(page, "import.hide" if is_hidden_now else "import.change")
        ReferenceIndex.create_or_update_for_object(page)
        self._redirect(planned, page)
        planned.page_id = page.pk
        row, _ = Imported.objects.update_or_create(
            weblog_id=self.weblog.pk,
            page_id=page.pk,
            defaults={
                "source": planned.source.name[:LONGEST_SOURCE],
                # Unfinished pages have no digest, so that they are written once more.
                "digest": "" if near.is_waiting else planned.digest,
                "revision_id": revision.pk,
            },
        )
        self.known[planned.source.name] = row
        self.report.blocks.update(block["type"] for block in blocks)
        return near.is_waiting

    def _near(self, planned: Planned) -> FileSurroundings:
        hosts = self.own_hosts | self.plan.hosts
        return FileSurroundings(planned, self.plan, hosts, self.shelf, self.report)

    def _blocks_of(self, planned: Planned, near: FileSurroundings) -> list[dict]:
        line = planned.matter.body_line
        body = planned.source.without_tags(planned.matter.body, line, near.listed)
        blocks = blocks_from_markdown(body, line, near)
        if _longest(blocks) > LONGEST:
            near.listed(line, TOO_LONG)
        return blocks

    def _cover_of(self, planned: Planned) -> Picture | None:
        if not planned.cover or planned.is_page:
            return None
        line = planned.matter.line_of("image")
        return self.shelf.picture(planned.source, planned.cover, line, planned.title)

    def _page(self, planned: Planned) -> BlogEntryPage | InfoPage:
        if planned.page_id:
            return BasePage.objects.get(pk=planned.page_id).specific
        model = InfoPage if planned.is_page else BlogEntryPage
        return model(slug=planned.slug, live=False)

    def _fill(self, page: Any, planned: Planned) -> None:
        page.title = page.draft_title = planned.title
        page.go_live_at, page.expire_at = planned.go_live_at, planned.expire_at
        if planned.is_page:
            page.search_description = planned.summary
            return
        page.date = planned.date
        page.summary = planned.summary
        page.pinned = planned.is_pinned
        visibility = page.Visibility
        page.visibility = visibility.UNLISTED if planned.is_unlisted else visibility.PUBLIC
        is_weblogs = planned.language == self.weblog.language
        page.language = "" if is_weblogs else planned.language
        page.tags = self._filed(Tag, planned.tags)
        page.categories = self._filed(Category, planned.categories)
        page.authors = self._filed(Author, planned.authors)
        if planned.cover:
            page.cover = self._cover_of(planned)
            page.cover_alt = planned.cover_alt

    def _filed(self, model: Any, names: list[str]) -> list[Label]:
        """Return labels, those that were renamed here by the names that the files have."""
        return model.named(self.weblog, names, model.objects.filter(weblog_id=self.weblog.pk))

    def _redirect(self, planned: Planned, page: BasePage) -> None:
        paths = list(map(Redirect.normalised, planned.old_paths))
        kept = {f"/{planned.slug}"}
        if not planned.is_live:  # readers find what they found there
            live = Redirect.objects.filter(weblog_id=self.weblog.pk, page__live=True)
            kept.update(live.filter(old_path__in=paths).values_list("old_path", flat=True))
        left = [path for path in paths if path not in kept]
        self.report.redirects += Redirect.leave_all(self.weblog, left, page)


def _is_published_by_hand(page: BasePage) -> bool:
    """Tell whether anybody published a page, or had it wait for its day, in the admin.

    That may leave no revision, but always an entry in the log; imports and the schedule leave none
    of these kinds.
    """
    acts = ("wagtail.publish", "wagtail.publish.schedule")
    return PageLogEntry.objects.filter(page=page.pk, action__in=acts).exists()


def _appear(page: BasePage, revision: Revision) -> None:
    """Publish a new page, which is stored as its revision says already."""
    page.live, page.live_revision, page.has_unpublished_changes = True, revision, False
    page.save(update_fields=["live", "live_revision", "has_unpublished_changes"], clean=False)
    page_published.send(sender=type(page), instance=page, revision=revision)


def _take_down(page: BasePage) -> None:
    """Hide a page, or unschedule it, so that a later import may still publish it."""
    page.unpublish(log_action=False)
    page.revisions.update(approved_go_live_at=None)  # of one that only waited for its day
    page.first_published_at = None  # else its writer would have taken it down
    page.save(update_fields=["first_published_at"])


def _longest(raw: Any) -> int:
    """Return the length of the longest text in raw blocks."""
    if isinstance(raw, str):
        return len(raw)
    inside = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return max(map(_longest, inside), default=0)
