"""manage.py create_weblog TITLE [--host HOST] [--owner EMAIL]"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.crypto import get_random_string

from tenancy.provisioning import create_weblog
from tenancy.registration import ProvisioningError
from users.languages import begin_in


class Command(BaseCommand):
    help = "Makes a weblog with its host and its owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", help="what readers see")
        parser.add_argument("--host", default="", help="empty: at a path of the platform")
        parser.add_argument("--slug", default="", help="the path; made from host or title if empty")
        parser.add_argument("--owner", default="", help="e-mail address of the owner")
        parser.add_argument("--language", default="en", help="en, de, pt-br, ...; en if left out")
        parser.add_argument(
            "--time-zone", default="UTC", help="Europe/Berlin, ...; UTC if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            weblog = create_weblog(
                options["title"],
                host=options["host"],
                slug=options["slug"],
                owner=options["owner"],
                language=options["language"],
                time_zone=options["time_zone"],
            )
        except ProvisioningError as error:
            raise CommandError(f"{error} Nothing was made.") from error
        self.stdout.write(f"{weblog.title}: {weblog.full_url}")
        for user in weblog.tenancy.owners.user_set.all():
            if user.has_usable_password():
                self.stdout.write(f"Owner: {user.get_username()}, with the password they have.")
            else:
                password = get_random_string(14)
                user.set_password(password)
                user.save(update_fields=["password"])
                begin_in(weblog.language, user)
                self.stdout.write(f"Owner: {user.get_username()}, first password: {password}")
                self.stdout.write(
                    f"Hand it on. They sign in at {settings.WAGTAILADMIN_BASE_URL}"
                    f"{reverse('wagtailadmin_login')} and choose another under “Account”."
                )
