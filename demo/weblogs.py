"""Which weblogs are examples: real ones where `DEMO_DATA` names a folder of them, else our own."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import CommandError

OWN_CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Example:
    """A weblog to be made from a folder of Markdown."""

    slug: str
    folder: Path
    title: str
    owner: str  # e-mail address
    owner_name: str  # which their new entries are signed with
    exclude: tuple[str, ...] = ()
    old_hosts: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    picture: str = ""
    categories: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()  # slugs of info pages

    @property
    def host(self) -> str:
        return f"{self.slug}.{settings.PLATFORM_HOSTNAME}"


def examples() -> list[Example]:
    """Return the example weblogs, in the order in which they are loaded.

    Raises:
        CommandError: `DEMO_DATA` names no folder of them.
    """
    if not settings.DEMO_DATA:
        return _own()
    found = _real(Path(settings.DEMO_DATA))
    if missing := [example.folder for example in found if not example.folder.is_dir()]:
        raise CommandError(
            f"DEMO_DATA is “{settings.DEMO_DATA}”, but {missing[0]} isn't there. Name a folder "
            "with jekyll-blog/ and rust-blog/content/, or leave it out for our own examples."
        )
    return found


def all_examples() -> list[Example]:
    """Return every example that this installation may have been given."""
    return [*_own(), *_real(Path(settings.DEMO_DATA))]


def _own() -> list[Example]:
    return [_read(path) for path in sorted(OWN_CONTENT.glob("*/weblog.yaml"))]


def _read(path: Path) -> Example:
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = ("tagline", "about", "language", "time_zone", "theme", "colour")
    return Example(
        slug=path.parent.name,
        folder=path.parent,
        title=about["title"],
        owner=about["owner"]["email"],
        owner_name=about["owner"]["name"],
        settings={name: about[name] for name in kept if name in about},
        picture=about.get("picture", ""),
        categories=tuple(about.get("categories", ())),
        menu=tuple(about.get("menu", ())),
    )


def _real(folder: Path) -> list[Example]:
    rust = folder / "rust-blog" / "content"
    mit_or_apache = {
        "theme": "technical",
        "colour": "rust",
        "licence": "MIT or Apache-2.0",
        "licence_url": "https://www.rust-lang.org/policies/licenses",
    }
    return [
        Example(
            slug="jekyll",
            folder=folder / "jekyll-blog",
            title="Jekyll",
            old_hosts=("jekyllrb.com",),
            owner="jekyll@example.org",
            owner_name="Jekyll team",
            settings={
                "tagline": "Transform your plain text into static websites and blogs.",
                "theme": "technical",
                "licence": "MIT",
                "licence_url": "https://github.com/jekyll/jekyll/blob/master/LICENSE",
            },
        ),
        Example(
            slug="inside-rust",
            folder=rust / "inside-rust",
            title="Inside Rust Blog",
            owner="inside-rust@example.org",
            owner_name="Inside Rust team",
            settings=mit_or_apache,
        ),
        Example(
            slug="rust",
            folder=rust,
            title="Rust Blog",
            owner="rust@example.org",
            owner_name="Rust team",
            exclude=("inside-rust",),
            old_hosts=("blog.rust-lang.org",),
            settings=mit_or_apache,
        ),
    ]
