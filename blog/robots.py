"""What crawlers may do on a host (RFC 9309)."""

from collections.abc import Collection, Iterable, Iterator

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from blog.dotted import page_at
from blog.models import BlogIndexPage
from pages.models import BasePage

# Crawlers that gather text to train models or to answer from it, as their operators name them.
AI_CRAWLERS = (
    "AI2Bot Amazonbot anthropic-ai Applebot-Extended Bytespider CCBot ClaudeBot cohere-ai "
    "Diffbot FacebookBot Google-Extended GPTBot meta-externalagent OAI-SearchBot omgili "
    "PerplexityBot Timpibot YouBot"
).split()
# Crawlers read 500 KiB of robots.txt (2.5). From so many on, the files of all are closed to AI.
MOST_WEBLOGS = 2_000
PICTURES, DOCUMENTS = f"{settings.MEDIA_URL}pictures/", "/documents/"


def robots(request: HttpRequest) -> HttpResponse:
    """Close searches to all, and to AI crawlers what they aren't welcome in.

    What search engines aren't welcome in stays open to them: else they couldn't read that it says
    `noindex`, and would show its addresses all the same.
    """
    page = page_at(request, "")
    weblogs = list(_weblogs_on(page, request))
    closed_to_ai = [
        place
        for path, weblog in weblogs
        if not weblog.ai_training
        for place in (path, *_files_of(weblog))
        if place
    ]
    if len(weblogs) == MOST_WEBLOGS:
        closed_to_ai += [PICTURES, DOCUMENTS]
    closed_to_ai = list(dict.fromkeys(closed_to_ai))
    paths = dict.fromkeys(["/", *(path for path, _ in weblogs if path)])
    lines = _group(["*"], [], paths)
    if closed_to_ai:
        # A crawler heeds the group that names it, and no other (2.2.1).
        lines += _group(AI_CRAWLERS, closed_to_ai, paths)
    if getattr(page, "search_engines", True):
        lines.append(f"Sitemap: {page.get_full_url(request)}sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _weblogs_on(page: BasePage, request: HttpRequest) -> Iterator[tuple[str, BlogIndexPage]]:
    """Yield the weblogs whose files the host of a page sends, each with its path there.

    That is empty where a weblog lives elsewhere: its own host says what holds for its pages. The
    platform sends the files of all (`tenancy.media.is_at_home`).
    """
    if isinstance(page, BlogIndexPage):
        yield "/", page
        return
    weblogs = BlogIndexPage.objects.live().order_by("path")
    if not request.host.is_platform:  # type: ignore[attr-defined]
        weblogs = weblogs.child_of(page)
    weblogs = weblogs.annotate(collection=F("tenancy__collection"))
    own_root = page.get_full_url(request)
    for weblog in weblogs.only("slug", "url_path", "ai_training")[:MOST_WEBLOGS]:
        lives_here = (weblog.get_full_url(request) or "").startswith(own_root)
        yield f"/{weblog.slug}/" if lives_here else "", weblog


def _files_of(weblog: BlogIndexPage) -> list[str]:
    """Return where the files of a weblog lie on a front page's host, which is beside its path.

    Documents of all weblogs lie together: one that says no closes them.
    """
    collection = getattr(weblog, "collection", None)
    return [f"{PICTURES}{collection}/", DOCUMENTS] if collection else []


def _group(agents: Iterable[str], closed: Collection[str], paths: Iterable[str]) -> list[str]:
    """Close what is closed, and the search below the other paths."""
    searches = [f"{path}search/" for path in paths if path not in closed]
    return [
        *(f"User-agent: {agent}" for agent in agents),
        *(f"Disallow: {path}" for path in [*closed, *searches]),
        "",
    ]
