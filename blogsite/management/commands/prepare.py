"""manage.py prepare: everything that an installation needs before it serves."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from library.storages import StorageAway, StorageRefused
from tenancy.provisioning import ensure_platform
from tenancy.registration import ProvisioningError

PATIENCE = 2  # seconds that Redis has to answer


class Command(BaseCommand):
    help = "Migrates the database, gathers the static files and makes the front page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="for building an image")
        parser.add_argument(
            "--rename", action="store_true", help="move the platform to the name of PLATFORM_HOST"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        gather_static_files()
        if not options["static_only"]:
            self.try_storage()
            self.try_redis()
            call_command("migrate", verbosity=0, interactive=False)
            try:
                ensure_platform(rename=options["rename"])
            except ProvisioningError as error:
                raise CommandError(str(error)) from error

    def try_storage(self) -> None:
        """See that the bucket can be used; a store that is away for a while keeps nobody from it.

        Raises:
            CommandError: there is no such bucket, or it isn't ours.
        """
        try:
            default_storage.require()  # type: ignore[attr-defined]
        except StorageRefused as error:
            raise CommandError(
                f"MEDIA_STORAGE_URL names a bucket that can't be used: {error}"
            ) from error
        except StorageAway as error:
            self.stderr.write(
                f"The object store of MEDIA_STORAGE_URL doesn't answer, so pictures and documents "
                f"are missing until it does: {error}"
            )

    def try_redis(self) -> None:
        """See that Redis can be used, which nobody needs: the platform goes on without it."""
        if not settings.REDIS_URL:
            return
        try:
            with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE) as client:
                client.ping()
        except redis.RedisError as error:
            self.stderr.write(
                f"Redis of REDIS_URL can't be used, so the platform goes on without it: {error}"
            )


def gather_static_files() -> None:
    """Collect, hash and compress the static files, unless these very ones are there already."""
    # Layers of an image keep whole seconds, and no order.
    found = sorted(
        f"{name}:{stat.st_size}:{int(stat.st_mtime)}"
        for finder in get_finders()
        for name, storage in finder.list(None)
        for stat in [Path(storage.path(name)).stat()]
    )
    digest = hashlib.sha256("".join(found).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    if not stamp.exists() or stamp.read_text() != digest:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest)
