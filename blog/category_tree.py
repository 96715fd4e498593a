"""A weblog's categories as a tree: each names the one that it belongs under by its slug."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blog.models import Category


@dataclass
class Branch:
    """A category and what lies below it."""

    category: Category
    branches: list[Branch] = field(default_factory=list)

    def __iter__(self) -> Iterator[Category]:
        """Yield the category and all below it, parents first."""
        yield self.category
        for branch in self.branches:
            yield from branch


def grow(categories: Iterable[Category]) -> list[Branch]:
    """Return the topmost branches; a category whose parent is missing stands at the top."""
    branches = {category.slug: Branch(category) for category in categories}
    parents = {slug: branch.category.parent for slug, branch in branches.items()}
    tops = []
    for slug, branch in branches.items():
        if parents[slug] in branches and not runs_in_circles(slug, parents):
            branches[parents[slug]].branches.append(branch)
        else:
            tops.append(branch)
    return tops


def find(branches: Iterable[Branch], slug: str) -> list[Branch]:
    """Return the way from the top to the category of that slug, or nothing."""
    for branch in branches:
        if branch.category.slug == slug:
            return [branch]
        if way := find(branch.branches, slug):
            return [branch, *way]
    return []


def prune(branches: Iterable[Branch], kept: set[int]) -> list[Branch]:
    """Return the branches without those that carry none of the ``kept`` ids."""
    return [
        Branch(branch.category, prune(branch.branches, kept))
        for branch in branches
        if any(category.pk in kept for category in branch)
    ]


def walk(branches: Iterable[Branch], depth: int = 0) -> Iterator[tuple[Category, int]]:
    """Yield each category with its depth (0 at the top), parents first."""
    for branch in branches:
        yield branch.category, depth
        yield from walk(branch.branches, depth + 1)


def line_of(slug: str, parents: dict[str, str]) -> list[str]:
    """Return ``slug`` and what it lies in, up to the top or to where it would begin again."""
    line = dict.fromkeys([slug])
    while (slug := parents.get(slug, "")) and slug not in line:
        line[slug] = None
    return list(line)


def runs_in_circles(slug: str, parents: dict[str, str]) -> bool:
    """Say whether following the parents from ``slug`` leads into a circle."""
    return bool(parents.get(line_of(slug, parents)[-1]))
