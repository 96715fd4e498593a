"""Where files are stored: on disk, or in an object store that speaks S3. Both can do the same."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from time import monotonic
from typing import IO, Any, NamedTuple

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

LEAST_FREE = 64 * 2**20  # bytes of a disk that an upload leaves to the database and the logs
LARGEST_IN_MEMORY = 16 * 2**20  # bytes of a file; what is larger is put on disk while it is read
ALONE_FOR = 5.0  # seconds in which a store that didn't answer isn't asked again
ABSENT = ("404", "NoSuchKey")
TAKES_NOTHING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # a disk that is full, or read only


class StorageAway(OSError):
    """The store of files doesn't answer, or takes nothing. What was asked of it changed nothing."""


class StorageRefused(StorageAway):
    """The store answers, and says no: no such bucket, or not for who asks."""


def is_away(error: BaseException) -> bool:
    """Tell whether an error means this; Wagtail raises one of its own when it can't open a file."""
    return any(
        isinstance(each, StorageAway) or (isinstance(each, OSError) and each.errno in TAKES_NOTHING)
        for each in (error, error.__cause__)
    )


class Stream(NamedTuple):
    """A stored file that is read from its beginning on, and its size in bytes."""

    file: IO[bytes]
    size: int


def names_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the names of all files below a folder."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for below in folders:
        yield from names_in(storage, f"{folder}{below}/")


class FilesOnDisk(FileSystemStorage):
    """Files below `MEDIA_ROOT`."""

    def stream(self, name: str) -> Stream:
        file = self.open(name, "rb")
        return Stream(file, file.size)

    def part(self, name: str, part: range) -> bytes:
        """Return some bytes of a file without reading the others."""
        with self.open(name, "rb") as file:
            file.seek(part.start)
            return file.read(len(part))

    def require(self, size: int = 0) -> None:
        """See that the store answers, and has room for a file of that size.

        Raises:
            StorageAway: it doesn't, or hasn't.
        """
        if not size:
            return
        place = Path(self.location)
        folder = next(folder for folder in (place, *place.parents) if folder.exists())
        if shutil.disk_usage(folder).free < size + LEAST_FREE:
            raise StorageAway("The disk is full.")


@contextmanager
def _asked() -> Iterator[None]:
    """Say in two words of ours what can go wrong: a file is absent, or the store is away.

    Whoever doesn't answer is left alone for some seconds, so that not everybody waits for it.
    """
    if monotonic() < _Silence.until:
        raise StorageAway("The object store didn't answer a moment ago.")
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            raise FileNotFoundError("There is no such file in the object store.") from error
        raise _refusal(error) from error
    except (ConnectionError, HTTPClientError) as error:
        _Silence.until = monotonic() + ALONE_FOR
        raise StorageAway(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageRefused(str(error)) from error


def _refusal(error: ClientError) -> StorageAway:
    is_ours = error.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    return (StorageRefused if is_ours else StorageAway)(str(error))


class _Silence:
    until = 0.0


class FilesInObjectStore(S3Storage):
    """Files in a bucket that nobody else reads: readers get them from us, at our addresses."""

    file_overwrite = False
    querystring_auth = False
    default_acl = None
    # One request for each file; threads cost more than they bring for what is this small.
    transfer_config = TransferConfig(use_threads=False)
    client_config = Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=32,
        tcp_keepalive=True,
        # Other stores than Amazon's don't know its newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )

    @property
    def connection(self) -> Any:
        with _CONNECTING:
            return _connection(
                self.endpoint_url, self.region_name, self.access_key, self.secret_key
            )

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)

    def stream(self, name: str) -> Stream:
        with _asked():
            answer = self._get(name)
            if "ContentLength" not in answer:
                raise StorageAway("The store's answer was cut short.")
        return Stream(answer["Body"], answer["ContentLength"])

    def part(self, name: str, part: range) -> bytes:
        with _asked():
            wanted = f"bytes={part.start}-{part.stop - 1}"
            return self._get(name, Range=wanted)["Body"].read()

    def require(self, size: int = 0) -> None:
        with _asked():
            try:
                self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
            except ClientError as error:
                raise _refusal(error) from error

    def _get(self, name: str, **options: str) -> dict[str, Any]:
        key = self._normalize_name(name)
        client = self.connection.meta.client
        return client.get_object(Bucket=self.bucket_name, Key=key, **options)

    def _open(self, name: str, mode: str = "rb") -> File:
        return Fetched(self, name)

    _save = _asked()(S3Storage._save)
    delete = _asked()(S3Storage.delete)
    exists = _asked()(S3Storage.exists)
    listdir = _asked()(S3Storage.listdir)
    size = _asked()(S3Storage.size)
    get_modified_time = _asked()(S3Storage.get_modified_time)


class Fetched(File):
    """A file of an object store, whole at hand: Pillow goes to and fro in it."""

    def __init__(self, storage: FilesInObjectStore, name: str) -> None:
        self._storage = storage
        super().__init__(self._fetched(name), name)
        self.mode = "rb"

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Fetched:
        if self.closed:
            self.file = self._fetched(self.name)
        self.seek(0)
        return self

    def _fetched(self, name: str | None) -> IO[bytes]:
        content = SpooledTemporaryFile(max_size=LARGEST_IN_MEMORY)  # noqa: SIM115
        with _asked():
            shutil.copyfileobj(self._storage._get(str(name))["Body"], content)
        content.seek(0)
        return content


_CONNECTING = Lock()


@cache
def _connection(endpoint: str, region: str, key: str | None, secret: str | None) -> Any:
    """Return what all threads of this process ask through; making it takes some 0.3 s."""
    session = boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret)
    options = {"region_name": region, "endpoint_url": endpoint}
    return session.resource("s3", config=FilesInObjectStore.client_config, **options)
