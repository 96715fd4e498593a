"""manage.py prepare: everything that an installation needs before it serves."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from tenancy.provisioning import ensure_platform


class Command(BaseCommand):
    help = "Migrates the database, gathers the static files and makes the front page."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        ensure_platform()
