"""Pictures in templates, in the sizes that screens need."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from library.models import Picture
from library.renditions import (
    BODY_SPECS,
    COVER_SPECS,
    FALLBACK,
    ICON_SPECS,
    Made,
    made_beforehand,
    renditions,
)

register = template.Library()

# How a picture is loaded: before all others, or when it comes near.
AT_ONCE, LATE = SafeString('fetchpriority="high"'), SafeString('loading="lazy"')
SMALL = SafeString(' class="small"')
# Within a tag: a text may say these words, where its "<" is escaped.
LATE_PICTURE = re.compile(rf"(<img [^>]*){LATE}")
# In pixels: what is narrower isn't stretched to the width of a place that is made for more.
NARROW = 800
SPECS = {"body": BODY_SPECS, "cover": COVER_SPECS, "icon": ICON_SPECS}


@register.simple_tag(takes_context=True)
def responsive_picture(
    context: template.Context,
    picture: Picture | None,
    kind: str,
    alt: str = "",
    sizes: str = "100vw",
    eager: bool = False,
) -> SafeString | str:
    """Return a ``<picture>`` with all sizes of a kind ("body", "cover", "icon"), or "" without one.

    AVIF is offered as soon as it has been made, WebP always; the fallback is a JPEG.
    """
    made = renditions(picture, SPECS[kind])
    if picture is None or not made:
        return ""
    widest = max(made, key=lambda rendition: rendition.width)
    plain = [*(renditions(picture, [FALLBACK]) if kind == "body" else []), widest][0]
    # Nothing but the plain one is left in feeds.
    largest = plain if context.get("for_feed") else widest
    sources = _sources(picture, made, SPECS[kind])
    return format_html(
        '<picture>{}<img src="{}" width="{}" height="{}" alt="{}" {} decoding="async"{}></picture>',
        format_html_join(
            "",
            '<source type="{}" srcset="{}" sizes="{}">',
            ((media_type, _srcset(found), sizes) for media_type, found in sources if found),
        ),
        plain.url,
        largest.width,
        largest.height,
        alt,
        AT_ONCE if eager else LATE,
        SMALL if kind == "body" and widest.width < NARROW else "",
    )


def _sources(picture: Picture, made: list[Made], specs: list[str]) -> list[tuple[str, list[Made]]]:
    avif = made_beforehand(picture, specs)
    # A smaller picture has fewer sizes; all that exist in WebP must exist in AVIF too.
    is_whole = {rendition.width for rendition in avif} == {rendition.width for rendition in made}
    return [("image/avif", avif if is_whole else []), ("image/webp", made)]


def _srcset(made: list[Made]) -> str:
    # A picture smaller than a size is not blown up, so two sizes can be the same.
    by_width = {rendition.width: rendition for rendition in made}
    return ", ".join(f"{rendition.url} {width}w" for width, rendition in sorted(by_width.items()))


def first_at_once(html: str) -> SafeString:
    """Have the first picture in HTML of ours loaded before all others."""
    return SafeString(LATE_PICTURE.sub(rf"\1{AT_ONCE}", html, count=1))


class FirstAtOnce(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        return first_at_once(self.nodelist.render(context))


@register.tag
def firstatonce(parser: template.base.Parser, token: template.base.Token) -> FirstAtOnce:
    """Have the first picture that is shown between the tags loaded before all others.

    Which one that is shows when all is rendered: a picture can be missing or damaged.
    """
    nodelist = parser.parse(("endfirstatonce",))
    parser.delete_first_token()
    return FirstAtOnce(nodelist)


@register.simple_tag
def largest(picture: Picture | None) -> Made | None:
    """Return the largest size of a picture in a text, to look at by itself."""
    return max(renditions(picture, BODY_SPECS), key=lambda made: made.width, default=None)
