"""Places for the files of tests: one that goes with all that is in it, and one that is away."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.test import override_settings

from library import storages
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


@contextmanager
def files_on_disk() -> Iterator[None]:
    """Store files on disk on any stack, where some thousands of them are no matter of the store."""
    on_disk = {"BACKEND": "library.storages.FilesOnDisk"}
    with override_settings(STORAGES={**settings.STORAGES, "default": on_disk}):
        yield


@contextmanager
def storage_away(port: int = 0) -> Iterator[None]:
    """Have all files in an object store at which nobody listens, or whoever listens at a port."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        options = {
            "endpoint_url": f"http://127.0.0.1:{port or closed.getsockname()[1]}",
            "region_name": "us-east-1",
            "access_key": "key",
            "secret_key": "secret",
            "bucket_name": "bucket",
        }
        away = {"BACKEND": "library.storages.FilesInObjectStore", "OPTIONS": options}
        with override_settings(STORAGES={**settings.STORAGES, "default": away}):
            yield
    storages._Silence.until = 0.0


def stored_files() -> set[str]:
    return set(names_in(default_storage))
