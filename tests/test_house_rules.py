"""The shape of the project, held by tests: who imports whom, and how long a file may grow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# Each layer may import those above it in this list, and its own.
LAYERS = [
    {"scope", "pagecache"},
    {"users", "library", "pages", "themes"},
    {"search", "jobs"},
    {"blog"},
    {"home"},
    {"tenancy"},
    {"portability", "desk", "trash"},
    {"demo"},
    {"blogsite"},
]
RANK = {app: rank for rank, layer in enumerate(LAYERS) for app in layer}
LONGEST_FILE = 400

ROOT = Path(settings.BASE_DIR)
SOURCES = sorted(
    path
    for app in RANK
    for path in (ROOT / app).rglob("*.py")
    if not {"migrations", "tests"} & set(path.parts)
)


def imported(tree: ast.Module) -> Iterator[str]:
    """Give the top packages that a module imports, but not those that only its types name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_app_has_its_layer() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert apps == set(RANK)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    app = path.relative_to(ROOT).parts[0]
    above = {
        name
        for name in imported(ast.parse(path.read_text()))
        if name in RANK and RANK[name] > RANK[app]
    }
    assert not above, f"{app} must not import {', '.join(sorted(above))}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_grows_beyond_reading(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
