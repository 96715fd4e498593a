"""Making weblogs: all or nothing, and rights on these alone."""

from io import StringIO
from unittest.mock import patch

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils.translation import get_language, override

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogIndexPage, InfoPage
from pagecache.models import Generation
from tenancy.models import Group, Tenancy
from tenancy.provisioning import Site, create_weblog, ensure_platform
from tenancy.registration import ProvisioningError, give_host
from tenancy.removal import remove_weblog
from tenancy.testing import TwoWeblogs
from users.accounts import language_of

# Each thing that is written on the way to a weblog, in the order in which it is.
STEPS = (
    "home.models.HomePage.add_child",
    "wagtail.models.Revision.publish",
    "tenancy.signal_handlers.provide",
    "wagtail.models.Collection.add_child",
    "tenancy.models.Tenancy.save",
    "tenancy.provisioning.ensure_roles",
    "django.contrib.auth.models.GroupManager.create",
    "tenancy.models.Role.save",
    "tenancy.roles._permissions",
    "wagtail.models.GroupPagePermission.objects.bulk_create",
    "wagtail.models.GroupCollectionPermission.objects.bulk_create",
    "wagtail.models.Workflow.save",
    "wagtail.models.WorkflowPage.save",
    "tenancy.provisioning.make_site",
    "wagtail.models.Site.save",
    "tenancy.provisioning.add_owner",
    "users.models.User.save",
    "tenancy.provisioning.set_role",
    "wagtail.models.PageLogEntry.save",
    "tenancy.provisioning.welcome",
    "blog.models.InfoPage.save",
    "tenancy.provisioning.send_invitation",
    "tenancy.models.Invitation.save",
    "tenancy.signal_handlers.forget",
)

PEOPLE = {"host": "carol.localhost", "owner": "c@example.org", "invite": "d@example.org"}


def rows() -> dict[str, int]:
    """Return how many rows every table of the database has.

    How often pages were forgotten stays known for ever: a number must not come twice.
    """
    models = set(apps.get_models(include_auto_created=True)) - {Generation}
    return {model._meta.label: model._base_manager.count() for model in models}


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
        for role in self.amelie.tenancy.roles.all():
            rights = role.group.permissions.all()
            self.assertEqual([right.codename for right in rights], ["access_admin"])
        owner = group.user_set.get()
        self.assertFalse(owner.is_superuser or owner.is_staff or owner.user_permissions.exists())

    def test_a_failure_at_any_point_leaves_nothing_behind(self) -> None:
        before = rows()
        for step in STEPS:
            with (
                patch(step, side_effect=RuntimeError(step)),
                self.assertRaisesMessage(RuntimeError, step),
            ):
                create_weblog(
                    "Carol", host="carol.localhost", owner="c@example.org", invite="d@example.org"
                )
            self.assertEqual(rows(), before, step)
            self.assertEqual(self.read("/", "carol.localhost").status_code, 421, step)
        create_weblog(
            "Carol", host="carol.localhost", owner="c@example.org", invite="d@example.org"
        )
        self.assertEqual(self.read("/", "carol.localhost").status_code, 200)

    def test_what_is_refused_leaves_nothing_behind(self) -> None:
        before = rows()
        for fields in (
            {"host": "bob.localhost"}, {"host": "a b"}, {"host": "www.localhost"},
            {"slug": "bob"}, {"slug": "admin"}, {"slug": "2026"}, {"slug": "a b"},
            {"slug": "x" * 300}, {"language": "tlh"}, {"time_zone": "Nowhere/Land"},
            {"owner": "not an address"}, {"owner": f"{'c' * 250}@x.org"}, {"invite": "c@"},
        ):  # fmt: skip
            with self.assertRaises(ProvisioningError, msg=fields) as caught:
                create_weblog("Carol", **{"owner": "carol@example.org", **fields})
            self.assertRegex(str(caught.exception), r"^\S.+\.$")
            self.assertEqual(rows(), before, fields)

    def test_a_host_may_begin_with_what_others_or_the_platform_have_as_a_path(self) -> None:
        hosts = {
            "www.carol.example": "carol", "www.carol.org": "carol-org", "carol-org.example":
            "carol-org-example", "search.dan.example": "search-dan-example", "2026.example":
            "2026-example", "carol.org.example": "carol-org-example-2",
        }  # fmt: skip
        for host, slug in hosts.items():
            self.assertEqual(create_weblog("Carol", host=host).slug, slug)

    def test_an_address_with_an_apostrophe_makes_an_account_that_can_be_changed(self) -> None:
        weblog = create_weblog("Carol", slug="carol", owner="sean.o'brien+w@example.org")
        owner = weblog.tenancy.owners.user_set.get()
        self.assertEqual(owner.email, "sean.o'brien+w@example.org")
        owner.full_clean(exclude=["password"])

    def test_an_owner_gets_an_account_whatever_others_sign_in_as(self) -> None:
        users = get_user_model().objects
        users.filter(username="amelie@example.org").update(email="new@example.org")
        for email in ("amelie@example.org", f"{'c' * 200}@example.org"):
            weblog = create_weblog("Carol", owner=email)
            owner = weblog.tenancy.owners.user_set.get()
            self.assertEqual(owner.email, email)
            self.assertLessEqual(len(owner.username), 150)

    def test_the_platform_is_made_once(self) -> None:
        before = rows()
        self.assertEqual(ensure_platform().pk, self.home.pk)
        self.assertEqual(rows(), before)
        self.assertFalse(Site.objects.filter(is_default_site=True).exists())
        self.assertFalse(Group.objects.filter(name__in=("Editors", "Moderators")).exists())

    def test_the_platform_and_what_is_below_it_follow_another_name(self) -> None:
        give_host(self.bob, "bob.example")  # who keeps the free name as an alias
        earlier: set[str] = set()
        for name in ("blogs.example", "new.example", "blogs.example"):
            with override_settings(
                PLATFORM_HOST=name, PLATFORM_HOSTNAME=name, PUBLIC_PORT=443, ADMIN_HOSTNAME=name
            ):
                if earlier:  # a mistake in the settings moves nothing
                    self.assertRaises(ProvisioningError, create_weblog, "Carol", slug="carol")
                self.assertEqual(ensure_platform(rename=bool(earlier)).pk, self.home.pk)
                self.assertEqual(self.read("/", name).status_code, 200)
                self.assertEqual(self.read("/", f"amelie.{name}").status_code, 200)
                for host in ("", "amelie."):
                    for each in earlier - {name}:
                        there = self.read("/x/?y", f"{host}{each}")["Location"]
                        self.assertEqual(there, f"https://{host}{name}/x/?y")
                for each in earlier | {name}:
                    there = self.read("/", f"bob.{each}")["Location"]
                    self.assertEqual(there, "https://bob.example/")
            for gone in ("amelie.localhost", "bob.localhost"):
                self.assertEqual(self.read("/", gone).status_code, 421)
            earlier.add(name)

    def test_a_removed_weblog_leaves_no_row_behind(self) -> None:
        before = rows()
        weblog = create_weblog("Carol", host="carol.localhost", owner="amelie@example.org")
        picture = make_picture(weblog)
        picture.tags.add("word of carol")
        labels = {"tags": ("Life",), "categories": ("Walks",), "authors": ("Carol",)}
        entry = make_entry(weblog, cover=picture, body=[picture_block(picture)], **labels)
        entry.slug = "renamed"
        with self.captureOnCommitCallbacks(execute=True):
            entry.save_revision().publish()
        self.text("/renamed/", "carol.localhost")
        give_host(weblog, "carol.example")
        remove_weblog(weblog)
        # That it happened stays in the operator's log, and its names are remembered for a day, so
        # that nobody takes them at once.
        kept = {"wagtailcore.ModelLogEntry": 1, "tenancy.ReleasedHost": 2}
        self.assertEqual(rows(), before | kept)
        self.assertEqual(self.read("/", "carol.example").status_code, 421)

    def test_what_a_new_owner_has_to_write_is_shown_once_it_is_published(self) -> None:
        carol = create_weblog("Carol", host="carol.localhost", invite="c@example.org")
        self.assertNotContains(self.read("/", "carol.localhost"), "/about/")
        self.assertEqual(self.read("/about/", "carol.localhost").status_code, 404)
        about = InfoPage.objects.child_of(carol).get(slug="about")
        about.get_latest_revision().publish()
        self.assertContains(self.read("/", "carol.localhost"), "/about/")

    def test_what_is_stored_with_a_weblog_is_not_in_the_language_of_who_made_it(self) -> None:
        with patch("tenancy.roles._", lambda words: f"{words} {get_language()}"), override("fr"):
            carol = create_weblog("Carol", host="carol.localhost", language="ar")
        self.assertEqual(carol.tenancy.workflow.name, "Review ar")
        self.assertEqual(carol.tenancy.owners.name, f"Owners of weblog {carol.pk}")

    def test_the_commands_say_what_they_did_and_what_stands_in_the_way(self) -> None:
        out = StringIO()
        told = {"host": "carol.localhost", "owner": "c@example.org", "language": "de"}
        call_command("create_weblog", "Carol", stdout=out, **told)
        self.assertIn("Carol: http://carol.localhost:8000/", out.getvalue())
        self.assertIn("They sign in at http://localhost:8000/admin/login/", out.getvalue())
        password = out.getvalue().partition("first password: ")[2].partition("\n")[0]
        account = get_user_model().objects.get(username="c@example.org")
        self.assertTrue(account.check_password(password))
        self.assertEqual(language_of(account, "en"), "de")
        with self.assertRaisesMessage(CommandError, "is taken by another weblog"):
            call_command("create_weblog", "Again", host="carol.localhost")
        for host, reason in (("xn--.example", "stands for none"), ("a" * 64, "is too long")):
            with self.assertRaisesMessage(CommandError, reason):
                call_command("create_weblog", "Again", host=host)
        for title, fields, said in (
            ("", {}, "Title: This field cannot be blank."),
            ("x" * 300, {}, "Title: Ensure this value has at most 255 characters (it has 300)."),
            (
                "X",
                {"language": "xx-klingon"},
                "Language: Value 'xx-klingon' is not a valid choice.",
            ),
            ("X", {"time_zone": "Mars/X"}, "Time zone: Value 'Mars/X' is not a valid choice."),
        ):
            with self.assertRaisesMessage(CommandError, said) as caught:
                call_command("create_weblog", title, **fields)
            self.assertEqual(str(caught.exception).count(said.partition(": ")[2]), 1)
        with self.assertRaisesMessage(CommandError, "No weblog lives at"):
            call_command("give_host", "nobody.localhost", "x.localhost")
        with self.assertRaisesMessage(CommandError, "create_weblog TITLE --slug nosuch"):
            call_command("give_host", "localhost/nosuch", "x.localhost")
        call_command("give_host", "carol.localhost", "carol.example", stdout=out)
        self.assertIn("lives at http://carol.example:8000/ now", out.getvalue())
        Tenancy.objects.filter(weblog__slug="carol").update(state="trashed")
        with self.assertRaisesMessage(CommandError, "“Carol” is in the trash. Restore it first."):
            call_command("give_host", "carol.example", "other.example")


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
