"""Making weblogs: all or nothing, and rights on these alone."""

from io import StringIO
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from blog.factories import make_entry, make_picture
from blog.models import BlogIndexPage
from pages.models import BasePage
from tenancy.models import Group, Tenancy
from tenancy.provisioning import (
    Collection,
    Site,
    create_weblog,
    ensure_platform,
    give_host,
    remove_weblog,
)
from tenancy.testing import TwoWeblogs

MODELS = (BasePage, Site, Collection, Group, Tenancy, get_user_model())
STEPS = ("_provide", "_make_site", "add_owner", "_permissions")


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


class Provisioning(TwoWeblogs):
    def test_owners_have_exactly_these_rights_on_their_weblog_alone(self) -> None:
        group = self.amelie.tenancy.owners
        self.assertEqual(
            {(right.page_id, right.permission.codename) for right in group.page_permissions.all()},
            {
                (self.amelie.pk, f"{what}_basepage")
                for what in ("add", "change", "publish", "lock", "unlock")
            },
        )
        self.assertEqual(
            {
                (right.collection_id, right.permission.codename)
                for right in group.collection_permissions.all()
            },
            {
                (self.amelie.tenancy.collection_id, f"{what}_{kind}")
                for what in ("add", "change", "choose")
                for kind in ("image", "document")
            },
        )
        self.assertEqual([right.codename for right in group.permissions.all()], ["access_admin"])
        owner = group.user_set.get()
        self.assertFalse(owner.is_superuser or owner.is_staff or owner.user_permissions.exists())

    def test_a_failure_at_any_point_leaves_nothing_behind(self) -> None:
        before = rows()
        for step in STEPS:
            with (
                patch(f"tenancy.provisioning.{step}", side_effect=RuntimeError(step)),
                self.assertRaises(RuntimeError),
            ):
                create_weblog("Carol", host="carol.localhost", owner="carol@example.org")
            self.assertEqual(rows(), before, step)

    def test_the_platform_is_made_once(self) -> None:
        before = rows()
        self.assertEqual(ensure_platform().pk, self.home.pk)
        self.assertEqual(rows(), before)
        self.assertFalse(Site.objects.filter(is_default_site=True).exists())
        self.assertFalse(Group.objects.filter(name__in=("Editors", "Moderators")).exists())

    def test_a_removed_weblog_leaves_no_row_behind(self) -> None:
        before = rows()
        weblog = create_weblog("Carol", host="carol.localhost")
        make_entry(weblog, tags=("Life",), cover=make_picture(weblog))
        give_host(weblog, "carol.example")
        remove_weblog(weblog)
        self.assertEqual(rows(), before)
        self.assertEqual(self.read("/", "carol.example").status_code, 421)

    def test_the_commands_say_what_they_did_and_what_stands_in_the_way(self) -> None:
        out = StringIO()
        call_command(
            "create_weblog", "Carol", host="carol.localhost", owner="c@example.org", stdout=out
        )
        self.assertIn("Carol: http://carol.localhost:8000/", out.getvalue())
        password = out.getvalue().rpartition("first password: ")[2].strip()
        self.assertTrue(Client().login(username="c@example.org", password=password))
        with self.assertRaisesMessage(CommandError, "is taken by another weblog"):
            call_command("create_weblog", "Again", host="carol.localhost")
        with self.assertRaisesMessage(CommandError, "No weblog lives at"):
            call_command("give_host", "nobody.localhost", "x.localhost")
        call_command("give_host", "carol.localhost", "carol.example", stdout=out)
        self.assertIn("lives at http://carol.example:8000/ now", out.getvalue())


class AnOwnerInTheAdmin(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def test_the_own_weblog_opens(self) -> None:
        entry = make_entry(self.amelie)
        picture = make_picture(self.amelie)
        for path in (
            "", f"pages/{self.amelie.pk}/", f"pages/{entry.pk}/edit/", f"images/{picture.pk}/",
            f"pages/add/blog/blogentrypage/{self.amelie.pk}/", f"pages/{entry.pk}/history/",
            f"pages/{entry.pk}/view_draft/",
        ):  # fmt: skip
            self.assertEqual(self.owner.get(f"/admin/{path}").status_code, 200, path)

    def test_anothers_stays_closed(self) -> None:
        entry = make_entry(self.bob)
        picture = make_picture(self.bob)
        for path in (
            f"pages/{entry.pk}/edit/", f"pages/{entry.pk}/delete/", f"pages/{entry.pk}/history/",
            f"pages/{self.bob.pk}/edit/", f"pages/add/blog/blogentrypage/{self.bob.pk}/",
            f"pages/{self.amelie.pk}/delete/", f"images/{picture.pk}/", "users/", "sites/",
            f"pages/{entry.pk}/view_draft/", f"pages/{entry.pk}/unpublish/",
        ):  # fmt: skip
            response = self.owner.get(f"/admin/{path}")
            self.assertIn(response.status_code, (302, 403, 404), path)
        self.assertTrue(BlogIndexPage.objects.filter(pk=self.bob.pk).exists())
