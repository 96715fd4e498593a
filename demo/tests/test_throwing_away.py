"""The demo's passwords are public: they serve at home alone, and go with the demo."""

from io import StringIO
from pathlib import Path
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from blog.models import BlogIndexPage
from demo.accounts import OPERATOR, public_accounts
from demo.loading import DemoState, demo_state, make_weblogs
from library.testing import empty_storage
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.provisioning import create_weblog, ensure_platform


@override_settings(DEMO_DATA="")
class ThrowingAway(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(empty_storage())
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        ensure_platform()
        make_weblogs()

    def remove(self) -> str:
        out = StringIO()
        call_command("load_demo", remove=True, stdout=out)
        return out.getvalue()

    def names(self) -> set[str]:
        users = get_user_model()._base_manager
        return set(users.values_list("username", flat=True))

    def test_the_examples_go_and_are_not_brought_back(self) -> None:
        self.assertEqual(demo_state(), DemoState.UNFINISHED)
        self.assertIn("changepassword operator", self.remove())
        self.assertEqual(self.names(), {OPERATOR})
        self.assertEqual(demo_state(), DemoState.NONE)

    def test_with_another_operator_the_demos_own_goes_too(self) -> None:
        get_user_model().objects.create_superuser("op", "op@example.net", "words and more")
        self.assertNotIn("stays", self.remove())
        self.assertEqual(self.names(), {"op"})

    def test_accounts_of_people_stay(self) -> None:
        users = get_user_model().objects
        users.create_superuser("op", "op@example.net", "words and more")
        example = BlogIndexPage.objects.first()
        for name in ("guest", "boss"):
            user = users.create_user(name, is_superuser=name == "boss")
            set_role(example.tenancy, user, RoleName.OWNER)
        writer, chosen, made_more = [
            user for user in public_accounts() if user.username != OPERATOR
        ]
        create_weblog("Own", slug="own", owner=writer.email)
        chosen.set_password("words and more")
        chosen.save()
        made_more.is_superuser = True
        made_more.save()
        told = self.remove()
        self.assertIn(f"changepassword {writer.username}", told)
        stay = {"op", "guest", "boss", *(user.username for user in (writer, chosen, made_more))}
        self.assertEqual(self.names(), stay)

    def test_examples_that_are_not_there_are_told_before_anything_is_made(self) -> None:
        self.remove()
        names = self.names()
        with (
            override_settings(DEMO_DATA="/nowhere"),
            self.assertRaisesMessage(CommandError, "DEMO_DATA is “/nowhere”, but /nowhere/jekyll"),
        ):
            call_command("load_demo")
        self.assertEqual((self.names(), demo_state()), (names, DemoState.NONE))

    def test_public_passwords_are_served_to_nobody_else(self) -> None:
        def serve(host: str, at_home: bool, demo: str = "none") -> bool:
            with (
                override_settings(DEMO=demo, AT_HOME=at_home),
                patch("blogsite.management.commands.serve.refuse_busy_port"),
                patch("blogsite.management.commands.serve.call_command"),
                patch("blogsite.management.commands.serve.start_alone"),
                patch("os.execv") as started,
            ):
                call_command("serve", host=host, stdout=StringIO())
            if started.called:  # what is measured beside it is started elsewhere with its options
                arguments = started.call_args[0][1]
                log = Path(arguments[arguments.index("--log-config") + 1])
                self.assertTrue(log.is_absolute() and log.exists())
            return started.called

        for host, at_home in (("0.0.0.0", True), ("127.0.0.1", False)):
            for demo in ("none", "demo"):
                with self.assertRaisesRegex(CommandError, "[Pp]asswords"):
                    serve(host, at_home, demo)
        self.assertTrue(serve("127.0.0.1", True, "demo"))
        self.assertTrue(serve("::1", True, "demo"))
        for user in public_accounts():
            user.set_password("words and more")
            user.save()
        self.assertTrue(serve("0.0.0.0", False))
