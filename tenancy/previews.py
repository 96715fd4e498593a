"""Previews and drafts are shown apart from the admin: what a weblog shows must not reach it.

The admin puts a preview together and keeps the finished page; the browser is sent to the weblog's
own host, which shows it once to whoever brings the signed key. A weblog at a path shares the
admin's host, so its preview gets an origin that nothing shares (HTML, "sandboxing").
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from pages.models import BasePage
from tenancy.hosts import host_table
from tenancy.models import Preview

VIEWS = frozenset(
    f"wagtailadmin_pages:{name}"
    for name in (
        "preview_on_add",
        "preview_on_edit",
        "view_draft",
        "revisions_view",
        "workflow_preview",
    )
)
# Forms that show one beside them, in a frame.
FORMS = frozenset(f"wagtailadmin_pages:{name}" for name in ("add", "edit", "revisions_revert"))
LASTS = timedelta(seconds=60)
LARGEST = 20 * 2**20  # characters
MOST = 3  # of one person: as many as may open in several tabs at a time
SALT = "tenancy.preview"
SANDBOX = "sandbox allow-scripts allow-forms allow-popups"


def apart(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return what the browser gets in place of a finished preview.

    Beside a form it may be shown in a frame, from the weblog's host and no other.
    """
    match = request.resolver_match
    name = match.view_name if match else ""
    if match is None or name not in VIEWS | FORMS or isinstance(response, JsonResponse):
        return response
    if response.status_code != 200 or response.streaming or request.method == "HEAD":
        return response
    site = _site_of(match.kwargs.get("page_id") or match.kwargs.get("parent_page_id"))
    if name in FORMS:
        framed = {"frame-src": [site.root_url] if site else []}
        response._csp_update = framed  # type: ignore[attr-defined]
        return response
    if site is None or site.hostname == settings.ADMIN_HOSTNAME:
        response["Content-Security-Policy"] = SANDBOX
        return response
    return HttpResponseRedirect(_kept(site, response, request.user))


def _site_of(page_id: int | None) -> Site | None:
    """Return the site at whose root the page's weblog lies."""
    page = BasePage._base_manager.filter(pk=page_id).only("weblog_id").first()
    hosts = host_table().hosts.values()
    weblog = page.weblog_id if page else None
    return next((host.site for host in hosts if weblog and host.site.root_page_id == weblog), None)


def _kept(site: Site, response: HttpResponse, writer: Any) -> str:
    """Keep the page for a minute and return the address that shows it."""
    body = response.content.decode(response.charset)[:LARGEST]
    preview = Preview.objects.create(
        writer=writer, hostname=site.hostname, body=body, created_at=timezone.now()
    )
    before = writer.preview_set.order_by("-pk").values_list("pk", flat=True)[MOST:]
    Preview.objects.filter(pk__in=list(before)).delete()
    token = signing.dumps(preview.pk, salt=SALT)
    return site.root_url + reverse("preview", "blogsite.reader_urls", args=[token])


def forget_old_previews() -> None:
    """Delete what nobody came for; kept pages may be large."""
    Preview.objects.filter(created_at__lt=timezone.now() - LASTS).delete()


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show a kept page on the host that it was kept for, once."""
    found = None
    try:
        pk = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        pk = None
    host = getattr(request, "host", None)
    if pk and host and request.method == "GET":
        found = Preview.objects.filter(pk=pk, hostname=host.site.hostname).first()
    if found is None or not Preview.objects.filter(pk=found.pk).delete()[0]:
        raise Http404("This preview was shown already.")
    response = HttpResponse(found.body)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    # The admin shows it in a frame; nobody else may, and browsers heed this over the old header.
    framed_by = {"frame-ancestors": [settings.WAGTAILADMIN_BASE_URL]}
    response._csp_update = framed_by  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response
