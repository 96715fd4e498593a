"""A place for the files of tests, which goes with all that is in it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.test import override_settings

from library.storages import names_in


@contextmanager
def empty_storage() -> Iterator[None]:
    """Store all files in an empty folder, on disk or of the bucket that the stack has."""
    default = settings.STORAGES["default"]
    with tempfile.TemporaryDirectory() as folder:
        if options := default.get("OPTIONS"):
            folder_of_bucket = f"{options['location']}/{token_hex(6)}".strip("/")
            default = {**default, "OPTIONS": {**options, "location": folder_of_bucket}}
        storages = {**settings.STORAGES, "default": default}
        with override_settings(MEDIA_ROOT=Path(folder), STORAGES=storages):
            caches["renditions"].clear()  # their files are elsewhere
            yield
            if options:
                default_storage.bucket.objects.filter(Prefix=f"{folder_of_bucket}/").delete()


def stored_files() -> set[str]:
    return set(names_in(default_storage))
