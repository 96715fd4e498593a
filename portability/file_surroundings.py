"""What a text of an import refers to: pages, pictures, and addresses elsewhere."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote, urldefrag, urlsplit

from blog.slugs import is_reserved
from pages.models import BasePage
from portability.headings import anchors_of_markdown
from portability.pictures import Shelf
from portability.plan import Plan, Planned
from portability.report import Outcome, Report
from portability.surroundings import Link


class FileSurroundings:
    """Answers for one file. ``is_waiting`` tells of links to pages that are still to come."""

    def __init__(
        self,
        planned: Planned,
        plan: Plan,
        own_hosts: frozenset[str],
        shelf: Shelf,
        report: Report,
    ) -> None:
        self.planned, self.plan = planned, plan
        self.own_hosts = {host.lower() for host in own_hosts}
        self.shelf, self.report = shelf, report
        self.is_waiting = False
        self._lost: set[str] = set()

    def link(self, href: str, line: int) -> Link:
        parts = urlsplit(href) if _is_sane(href) else None
        if parts is None:
            self.listed(line, f"this isn't an address: {href[:200]}")
            return Link()
        if parts.scheme in ("mailto", "tel") or (not parts.path and parts.fragment):
            return Link(href)
        if parts.scheme not in ("http", "https", "", "post"):
            self.listed(line, f"the link was left out: {href[:200]}")
            return Link()
        if parts.netloc and not self._is_own(parts.netloc):
            return Link(href)
        if parts.netloc and parts.path in ("", "/"):
            return Link("/")
        target = self._target(href)
        if target is None:
            self._list_lost(href, line)
            return Link() if parts.scheme == "post" else Link(href)
        fragment = parts.fragment and self._anchor(target, href, line)
        return self._to(target, fragment)

    def _is_own(self, host: str) -> bool:
        return host.lower() in self.own_hosts

    def _list_lost(self, href: str, line: int) -> None:
        """List an address once, unless the weblog itself answers on it, as on `/feed/`."""
        path = urlsplit(href).path.strip("/")
        address = urldefrag(href).url
        if not path or is_reserved(path) or address in self._lost:
            return
        self._lost.add(address)
        self.listed(line, f"the link leads to no text of the folder: {href[:200]}")

    def _to(self, target: Planned, fragment: str) -> Link:
        page = target.page_id and BasePage.objects.filter(pk=target.page_id).first()
        if not page:
            outcome = self.report.outcomes.get(target.source.name)
            self.is_waiting |= outcome not in (Outcome.DELETED, Outcome.FAILED)
            return Link(f"/{target.slug}/")
        address = page.get_url_parts()[2]
        return Link(f"{address}#{fragment}" if fragment else address, page.pk)

    def _anchor(self, target: Planned, href: str, line: int) -> str:
        """Return what a fragment of the target is called here; one that isn't found is listed."""
        fragment, anchors = urlsplit(href).fragment, self.plan.anchors
        name = target.source.name
        if name not in anchors:
            text = target.source.without_tags(target.matter.body, 1, lambda line, message: None)
            anchors[name] = anchors_of_markdown(text)
        if anchor := anchors[name].here(unquote(fragment)):
            return anchor
        if not fragment.startswith(":~:") and href not in self._lost:
            self._lost.add(href)
            self.listed(line, f"the link leads to no heading: {href[:200]}")
        return fragment

    def _target(self, href: str) -> Planned | None:
        """Return the planned page that an address within the folder means."""
        parts = urlsplit(href)
        path = unquote(parts.path)
        if parts.scheme == "post":  # named by its path below `_posts`
            return self.plan.at(path) or self.plan.at(posixpath.basename(path))
        if path.startswith("@/"):
            return self.plan.at(path[2:])
        if path.startswith("/"):
            return self.plan.at(path) or self._by_slug(path)
        # Relative to the file, and relative to the address that it had.
        near = posixpath.dirname(self.planned.source.name)
        starts = [near, *(posixpath.dirname(old.rstrip("/")) for old in self.planned.old_paths)]
        starts += self.planned.old_paths
        for start in starts:
            joined = posixpath.normpath(posixpath.join("/", start, path))
            if found := self.plan.at(joined):
                return found
        return None

    def _by_slug(self, path: str) -> Planned | None:
        slug = path.strip("/")
        return next((planned for planned in self.plan.entries if planned.slug == slug), None)

    def local(self, src: str) -> str:
        try:
            parts = urlsplit(src)
        except ValueError:
            return src
        is_here = self._is_own(parts.netloc) and self.shelf.holds(self.planned.source, parts.path)
        return parts.path if is_here else src

    def picture(self, src: str, line: int) -> int | None:
        stored = self.shelf.picture(self.planned.source, src, line)
        return stored.pk if stored else None

    def picture_address(self, src: str, line: int) -> str:
        stored = self.shelf.picture(self.planned.source, src, line)
        return self.shelf.address(stored) if stored else ""

    def listed(self, line: int, message: str) -> None:
        self.report.note(self.planned.source.name, line, message)


def _is_sane(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return "\0" not in href and len(href) < 4000
