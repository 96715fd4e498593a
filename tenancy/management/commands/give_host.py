"""manage.py give_host WHERE HOST"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenancy.addresses import names_of
from tenancy.finding import UnknownHost, weblog_at
from tenancy.models import State
from tenancy.registration import ProvisioningError, give_host


class Command(BaseCommand):
    help = "Gives a weblog a host of its own; every address that it had before redirects there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("where", help="where it lives now: localhost/amelie or its host")
        parser.add_argument("host", help="the new host: amelie.localhost, amelie.example")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            weblog = weblog_at(options["where"])
            if weblog.tenancy.state == State.TRASHED:
                raise CommandError(f"“{weblog.title}” is in the trash. Restore it first.")
            give_host(weblog, options["host"], with_twin=True)
            # What its owners asked for needs no proof any more.
            served = [name.hostname for name in names_of(weblog)]
            weblog.domains.filter(hostname__in=served, proven_at=None).delete()
        except (UnknownHost, ProvisioningError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{weblog.title} lives at {weblog.full_url} now.")
