"""Data for search engines: schema.org's vocabulary in JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from blog.filing import Name
from blog.metadata.dates import iso
from blog.metadata.subject import Subject
from blog.models import BlogEntryPage, InfoPage

Node = dict[str, Any]
# HTML ends a data block at a tag, whatever JSON thinks; Django escapes its json_script alike.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


def script_of(subject: Subject) -> SafeString | str:
    """Return what stands in a ``<script type="application/ld+json">``; "" when there is nothing."""
    nodes = [without_empty(node) for node in nodes_of(subject)]
    if not nodes:
        return ""
    document = {"@context": "https://schema.org", "@graph": nodes}
    return mark_safe(json.dumps(document, ensure_ascii=False).translate(ESCAPES))


def nodes_of(subject: Subject) -> list[Node]:
    """Return what the page is, and the things that it belongs to."""
    if subject.entry:
        return [posting(subject, subject.entry), breadcrumbs(subject)]
    if isinstance(subject.page, InfoPage):
        page = {"@type": "WebPage", "name": subject.title, "description": subject.description}
        return [page | placed(subject), breadcrumbs(subject)]
    if subject.listing and subject.listing.path:
        return [collection(subject), breadcrumbs(subject)]
    if subject.weblog is None:
        return [website(subject)]
    return [blog(subject), website(subject)] if subject.listing else []


def placed(subject: Subject) -> Node:
    language = subject.page.content_language if subject.weblog else ""
    return {"@id": subject.url, "url": subject.url, "inLanguage": language}


def website(subject: Subject) -> Node:
    search = {
        "@type": "EntryPoint",
        "urlTemplate": f"{subject.home}search/?q={{search_term_string}}",
    }
    return {
        "@type": "WebSite",
        "@id": f"{subject.home}#website",
        "url": subject.home,
        "name": subject.site_name,
        "description": subject.description,
        "inLanguage": subject.weblog.language if subject.weblog else "",
        "potentialAction": {
            "@type": "SearchAction",
            "target": search,
            "query-input": "required name=search_term_string",
        },
    }


def blog(subject: Subject) -> Node:
    return {
        **blog_in_brief(subject),
        "description": subject.description,
        "inLanguage": subject.weblog.language if subject.weblog else "",
        "license": subject.weblog.licence_url if subject.weblog else "",
        "publisher": publisher(subject),
        "blogPost": [posting_in_brief(subject, entry) for entry in subject.entries],
    }


def blog_in_brief(subject: Subject) -> Node:
    return {
        "@type": "Blog",
        "@id": f"{subject.home}#blog",
        "url": subject.home,
        "name": subject.site_name,
    }


def posting(subject: Subject, entry: BlogEntryPage) -> Node:
    filing, picture = entry.filing, subject.picture
    return {
        "@type": "BlogPosting",
        **placed(subject),
        "headline": entry.title,
        "description": subject.description,
        "datePublished": iso(entry.date),
        "dateModified": iso(entry.updated),
        "author": [person(subject, author) for author in filing.authors] or publisher(subject),
        "publisher": publisher(subject),
        "image": {
            "@type": "ImageObject",
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
        },
        "mainEntityOfPage": {"@type": "WebPage", "@id": subject.url},
        "isPartOf": blog_in_brief(subject),
        "wordCount": entry.word_count,
        "timeRequired": f"PT{entry.reading_minutes}M" if entry.reading_minutes else "",
        "articleSection": [category.name for category in filing.categories],
        "keywords": [tag.name for tag in filing.tags],
        "license": subject.weblog.licence_url if subject.weblog else "",
    }


def posting_in_brief(subject: Subject, entry: BlogEntryPage) -> Node:
    url = subject.address(f"{entry.slug}/")
    node = {
        "@type": "BlogPosting",
        "@id": entry.canonical_url or url,
        "url": url,
        "headline": entry.title,
        "inLanguage": entry.language,
        "datePublished": iso(entry.date),
    }
    return without_empty(node)


def publisher(subject: Subject) -> Node:
    return {
        "@type": "Organization",
        "@id": f"{subject.home}#publisher",
        "name": subject.site_name,
        "url": subject.home,
        "logo": {"@type": "ImageObject", "url": subject.address("icon-512.png")},
    }


def person(subject: Subject, author: Name) -> Node:
    if not author.slug:
        return {"@type": "Person", "name": author.name}
    url = subject.address(f"author/{author.slug}/")
    return {"@type": "Person", "@id": f"{url}#person", "name": author.name, "url": url}


def collection(subject: Subject) -> Node:
    """Return a listing: an author's is a profile, any other a collection."""
    listing = subject.listing
    assert listing
    if subject.is_author:
        author = person(subject, Name(listing.title, listing.path.split("/")[1]))
        return {"@type": "ProfilePage", **placed(subject), "mainEntity": author}
    page = {"@type": "CollectionPage", **placed(subject), "name": subject.title}
    return page | {"isPartOf": blog_in_brief(subject)}


def breadcrumbs(subject: Subject) -> Node:
    """Return the way from the weblog to the page."""
    above = subject.listing.above if subject.listing else ()
    steps = [
        (subject.site_name, subject.home),
        *((label.name, subject.address(f"category/{label.slug}/")) for label in above),
        (subject.entry.title if subject.entry else subject.title, subject.url),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(steps, 1)
        ],
    }


def without_empty(node: Node) -> Node:
    """Leave out what the page doesn't say."""
    return {name: value for name, value in node.items() if value not in ("", None, [], 0)}
