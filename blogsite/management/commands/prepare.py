"""manage.py prepare: everything that an installation needs before it serves."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from tenancy.provisioning import ensure_platform


class Command(BaseCommand):
    help = "Migrates the database, gathers the static files and makes the front page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="for building an image")

    def handle(self, *args: Any, **options: Any) -> None:
        gather_static_files()
        if not options["static_only"]:
            call_command("migrate", verbosity=0, interactive=False)
            ensure_platform()


def gather_static_files() -> None:
    """Collect, hash and compress the static files, unless these very ones are there already."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}:{found.st_size}:{found.st_mtime_ns}".encode())
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest.hexdigest())
