"""What a page says of itself to machines, in templates."""

from typing import Any

from django import template

from blog.metadata.dates import iso
from blog.metadata.jsonld import script_of
from blog.metadata.opengraph import tags_of
from blog.metadata.subject import subject_of
from blog.models import BlogEntryPage
from library.renditions import COVER_SPECS, rendition_address

register = template.Library()
register.filter(iso)


@register.inclusion_tag("blog/metadata/head.html", takes_context=True)
def metadata(context: template.Context) -> dict[str, Any]:
    """Write the description, the card and the data of the page into its head."""
    subject = subject_of(context.flatten())
    return {"tags": tags_of(subject), "data": script_of(subject)} if subject else {}


@register.simple_tag
def cover_address(entry: BlogEntryPage) -> str:
    """Return the address of the largest cover picture that cards use, or ""."""
    return rendition_address(entry.cover, COVER_SPECS[-1])
