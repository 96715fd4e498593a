"""manage.py give_host WHERE HOST"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenancy.finding import UnknownHost, weblog_at
from tenancy.registration import ProvisioningError, give_host
from tenancy.models import State


class Command(BaseCommand):
    help = "Gives a weblog a host of its own; every address that it had before redirects there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("where", help="where it lives now: localhost/amelie or its host")
        parser.add_argument("host", help="the new host: amelie.localhost, amelie.example")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            weblog = weblog_at(options["where"])
            give_host(weblog, options["host"], with_twin=True)
            if weblog.tenancy.state == State.TRASHED:
                raise CommandError(f"“{weblog.title}” is in the trash. Restore it first.")
        except (UnknownHost, ProvisioningError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{weblog.title} lives at {weblog.full_url} now.")
