"""Icons and the web manifest of a weblog or front page, wherever it lives."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from blog.dotted import page_at
from blog.drawing.mark import letter_of, mark_file, mark_svg
from library.renditions import rendition_address
from pages.models import BasePage
from themes.looks import look_of

# What browsers and phones ask for by these names, in pixels.
SIZES = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}


def icon(request: HttpRequest, path: str, name: str) -> HttpResponse:
    """Answer with the weblog's own picture where it has one, else with its drawn mark.

    Raises:
        Http404: there is neither a weblog nor a front page.
    """
    page = page_at(request, path)
    size = SIZES.get(name, 192)
    spec = f"fill-{size}x{size}|format-png"
    if address := rendition_address(getattr(page, "picture", None), spec):
        return HttpResponseRedirect(address, headers=FOR_A_DAY)
    letter, colour = letter_of(page.title), look_of(page.get_weblog()).accent[0]
    if name == "favicon.svg":
        return HttpResponse(mark_svg(letter, colour), "image/svg+xml", headers=FOR_A_DAY)
    if name == "favicon.ico":
        return HttpResponse(mark_file(letter, colour, 48, "ICO"), "image/x-icon", headers=FOR_A_DAY)
    return HttpResponse(mark_file(letter, colour, size), "image/png", headers=FOR_A_DAY)


def _sides(page: BasePage) -> dict[str, int]:
    """Return how large the icons are: a picture smaller than an icon isn't blown up."""
    picture = getattr(page, "picture", None)
    most = min(picture.width, picture.height) if picture else max(SIZES.values())
    return {name: min(size, most) for name, size in SIZES.items()}


def manifest(request: HttpRequest, path: str) -> HttpResponse:
    """Say how the weblog looks on somebody's home screen (W3C, Web Application Manifest)."""
    page = page_at(request, path)
    home = page.get_full_url(request)
    look = look_of(page.get_weblog())
    content = {
        "id": home,
        "name": page.title,
        "short_name": page.title,
        "lang": getattr(page, "language", settings.LANGUAGE_CODE),
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
        "theme_color": look.accent[0],
        "background_color": look.theme.paper[0],
        "icons": [
            {"src": f"{home}{name}", "sizes": f"{side}x{side}", "type": "image/png"}
            for name, side in _sides(page).items()
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json", headers=FOR_A_DAY)
