"""manage.py copy_media: pictures and documents, from the disk into the object store and back."""

from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.core.management.base import BaseCommand, CommandError

from library.storages import FilesInObjectStore, FilesOnDisk, names_in


class Command(BaseCommand):
    help = "Copies all files from DATA_DIR to MEDIA_STORAGE_URL. A second run copies what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--back", action="store_true", help="from there to DATA_DIR instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if not isinstance(default_storage, FilesInObjectStore):
            raise CommandError("Set MEDIA_STORAGE_URL to where the files shall go, and try again.")
        places: list[Storage] = [FilesOnDisk(), default_storage]
        source, target = reversed(places) if options["back"] else places
        try:
            self.copy(source, target)
        except KeyboardInterrupt as error:
            raise KeyboardInterrupt("Stopped; run it again to go on.") from error

    def copy(self, source: Storage, target: Storage) -> None:
        copied = there = 0
        for name in names_in(source):
            if target.exists(name) and target.size(name) == source.size(name):
                there += 1
                continue
            target.delete(name)  # half a copy, of a run that was ended
            with source.open(name, "rb") as file:
                target.save(name, file)
            copied += 1
            if copied % 100 == 0:
                self.stdout.write(f"{copied} files copied ...")
        self.stdout.write(f"{copied} files were copied, {there} were there before.")
