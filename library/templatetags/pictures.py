"""Pictures in templates, in the sizes that screens need."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from library.models import Picture, Rendition
from library.renditions import BODY_SPECS, COVER_SPECS, ICON_SPECS, renditions

register = template.Library()

SPECS = {"body": BODY_SPECS, "cover": COVER_SPECS, "icon": ICON_SPECS}


@register.simple_tag
def responsive_picture(
    picture: Picture | None,
    kind: str,
    alt: str = "",
    sizes: str = "100vw",
    eager: bool = False,
) -> SafeString | str:
    """Return an ``<img>`` with all sizes of a kind ("body", "cover", "icon"), or "" without one."""
    made = renditions(picture, SPECS[kind])
    if not made:
        return ""
    # A picture smaller than a size is not blown up, so two sizes can be the same.
    by_width = {rendition.width: rendition for rendition in made}
    largest = by_width[max(by_width)]
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" {} decoding="async">',
        largest.url,
        ", ".join(f"{rendition.url} {width}w" for width, rendition in sorted(by_width.items())),
        sizes,
        largest.width,
        largest.height,
        alt,
        SafeString('fetchpriority="high"' if eager else 'loading="lazy"'),
    )


@register.simple_tag
def largest(picture: Picture | None) -> Rendition | None:
    """Return the largest size of a picture in a text, to look at by itself."""
    return max(renditions(picture, BODY_SPECS), key=lambda made: made.width, default=None)
