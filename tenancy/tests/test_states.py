"""Suspended, archived and deleted weblogs: what readers and owners meet."""

from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.permissions import policy_registry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage
from library.models import Picture
from tenancy.models import State, Tenancy
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from tenancy.states import NotAllowed, may_become, set_state
from tenancy.testing import TwoWeblogs


class States(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.below = create_weblog("Below", slug="below", owner="below@example.org")
        for weblog in (cls.amelie, cls.bob, cls.below):
            make_entry(weblog, f"{weblog.title} wrote", slug="entry")

    def become(self, weblog, state: State) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            set_state(weblog.tenancy, state)

    def test_readers_of_a_closed_weblog_are_told_and_others_go_on(self) -> None:
        picture = make_picture(self.amelie).get_rendition("width-100").url
        for state, status in ((State.SUSPENDED, 503), (State.TRASHED, 410)):
            for weblog in (self.amelie, self.below):
                self.become(weblog, state)
            for host, path in (
                ("amelie.localhost", "/"), ("amelie.localhost", "/entry/"),
                ("amelie.localhost", "/feed.json"), ("amelie.localhost", picture),
                ("amelie.localhost", "/sitemap.xml"), ("localhost", "/below/"),
                ("localhost", "/below/entry/"), ("localhost", "/below/feed/"),
            ):  # fmt: skip
                response = self.read(path, host)
                self.assertEqual(response.status_code, status, f"{host}{path}")
                self.assertNotRegex(response.content.decode(), "(Amelie|Below) wrote")
            self.assertEqual(self.read("/", "amelie.localhost").get("Retry-After"),
                             "3600" if status == 503 else None)  # fmt: skip
            self.assertEqual(self.read(picture, "localhost").status_code, 404)
            for path in ("/", "/search/?q=wrote", "/sitemap.xml"):
                page = self.text(path, "localhost")
                self.assertNotIn("Amelie", page, path)
                self.assertNotIn("below", page, path)
            self.assertIn("Bob wrote", self.text("/", "bob.localhost"))
        for weblog in (self.amelie, self.below):
            self.become(weblog, State.ACTIVE)
        self.assertIn("Amelie wrote", self.text("/"))
        self.assertIn("Below wrote", self.text("/below/", "localhost"))

    def test_readers_are_told_the_truth_in_the_weblogs_language_without_a_query(self) -> None:
        self.amelie.language = "de"
        self.amelie.save_revision().publish()
        owner = self.amelie.tenancy.owners.user_set.get()
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        for state, by, sentence in (
            (State.SUSPENDED, operator, "Bitte versuche es später noch einmal."),
            (State.TRASHED, operator, "Es wurde von dieser Plattform genommen."),
            (State.SUSPENDED, operator, "Bitte versuche es später noch einmal."),
            (State.ACTIVE, operator, ""),
            (State.TRASHED, owner, "Es wurde von denen gelöscht, die es geschrieben haben."),
        ):
            with self.captureOnCommitCallbacks(execute=True):
                set_state(self.amelie.tenancy, state, by=by)
            self.read("/", "bob.localhost")  # reads the table of hosts anew
            if sentence:
                with self.assertNumQueries(0):
                    page = self.read("/entry/").content.decode()
                self.assertIn(sentence, page)
                self.assertIn('<html lang="de" dir="ltr">', page)
                self.assertIn('href="http://localhost:8000/"', page)
                self.assertEqual(self.read("/static/themes/platform.css").status_code, 200)

    def test_its_people_are_told_why_and_others_are_not(self) -> None:
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        client = Client(headers={"host": "localhost"})
        client.force_login(operator)
        act = f"/admin/weblogs/{self.amelie.pk}/state/"
        self.assertContains(client.get(f"{act}suspended/"), 'name="reason"')
        client.post(f"{act}suspended/", {"reason": "  The <b>hotlinks</b>\0 "})
        owner = self.amelie.tenancy.owners.user_set.get()
        client.force_login(owner)
        start = client.get("/admin/")
        self.assertContains(start, "The &lt;b&gt;hotlinks&lt;/b&gt;")
        self.assertContains(start, "Ask whoever runs this platform")
        for path in ("/", "/entry/"):
            self.assertNotIn("hotlinks", self.read(path).content.decode())
        with self.captureOnCommitCallbacks(execute=True):
            set_state(self.amelie.tenancy, State.ACTIVE, by=operator, reason="It is well")
        self.assertEqual(Tenancy.objects.get(weblog=self.amelie).reason, "")
        set_state(self.amelie.tenancy, State.TRASHED, by=owner, reason="Not an operator's")
        self.assertEqual(Tenancy.objects.get(weblog=self.amelie).reason, "")
        self.assertNotContains(client.get(f"{act}active/"), 'name="reason"')

    def test_what_was_suspended_is_so_again_when_it_comes_back_from_the_trash(self) -> None:
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        client = Client(headers={"host": "localhost"})
        client.force_login(operator)
        act = f"/admin/weblogs/{self.amelie.pk}/state/"
        client.post(f"{act}suspended/", {"reason": "Phishing"})
        client.post(f"{act}trashed/", {"reason": "Still there"})
        self.assertEqual(client.get(f"{act}active/").status_code, 404)
        tenancy = Tenancy.objects.get(weblog=self.amelie)
        owner = self.amelie.tenancy.owners.user_set.get()
        self.assertEqual(may_become(tenancy, owner), [])
        self.assertIn(
            f'{act}suspended/?next=%2Fadmin%2F">Restore<', client.get("/admin/").content.decode()
        )
        asked = client.get(f"{act}suspended/")
        self.assertContains(asked, "before it was deleted: Suspended. Readers are told to come")
        self.assertContains(asked, ">Restore</button>")
        self.assertNotContains(asked, 'name="reason"')
        client.post(f"{act}suspended/")
        tenancy.refresh_from_db()
        self.assertEqual((tenancy.state, tenancy.reason), (State.SUSPENDED, "Phishing"))
        self.assertEqual(may_become(tenancy, owner), [])
        history = client.get(f"/admin/pages/{self.amelie.pk}/history/")
        self.assertContains(history, "From “Suspended” to “In the trash”")
        self.assertContains(history, "The reason given: “Still there”")

    def test_who_publishes_in_a_suspended_weblog_is_told_that_nobody_reads_it_yet(self) -> None:
        self.become(self.amelie, State.SUSPENDED)
        client = Client(headers={"host": "localhost"})
        client.force_login(self.amelie.tenancy.owners.user_set.get())
        here = f"/admin/pages/{self.amelie.pk}/"
        new = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        told = "it all appears when the weblog is opened again"
        self.assertContains(client.get(new), told)
        body = streamfield([("paragraph", rich_text("<p>Words</p>"))])
        fields = {"title": "Unseen", "slug": "unseen", "date": "", "visibility": "public"}
        form = nested_form_data(fields | {"body": body, "action-publish": "1"})
        for path in (new, None):
            path = path or f"/admin/pages/{BlogEntryPage.objects.get(slug='unseen').pk}/edit/"
            self.assertRedirects(client.post(path, form), here, fetch_redirect_response=False)
            listed = client.get(here)
            self.assertContains(listed, "“Unseen” is published")
            self.assertContains(listed, "Why readers don&#x27;t see it yet")
            self.assertNotContains(listed, 'button-secondary">View live')
            self.assertContains(listed, told)
        self.assertContains(client.get(path), told)
        client.get(f"{path}?_w_hydrate_create_view=1")  # parts of a form, where nothing is told
        bobs = create_weblog("Other", slug="other", owner="amelie@example.org")
        self.assertNotContains(client.get(f"/admin/pages/{bobs.pk}/"), told)

    def test_an_archived_weblog_is_read_but_not_changed(self) -> None:
        self.become(self.amelie, State.ARCHIVED)
        self.assertIn("Amelie wrote", self.text("/"))
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        entry = self.amelie.get_children().get()
        here = f"/admin/pages/{entry.pk}/"
        for address in (f"{here}edit/", f"{here}delete/", f"{here}unpublish/", f"{here}copy/",
                        f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"):  # fmt: skip
            for ask in (owner.get, owner.post):
                self.assertIn(ask(address).status_code, (302, 403), address)
        entry.refresh_from_db()
        self.assertTrue(entry.live)

    def test_who_may_still_change_an_archived_weblog_is_told_so(self) -> None:
        self.become(self.amelie, State.ARCHIVED)
        here, start = f"/admin/pages/{self.amelie.pk}/", "/admin/"
        form = f"/admin/pages/{self.amelie.get_children().get().pk}/edit/"
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        owner = self.amelie.tenancy.owners.user_set.get()
        client = Client(headers={"host": "localhost"})
        for person, screens, told in (
            (operator, (here, start, form), "Only operators can change anything"),
            (owner, (here, start), "nothing can be changed"),
        ):
            client.force_login(person)
            for screen in screens:
                self.assertContains(client.get(screen), told, 1, msg_prefix=screen)

    def test_a_review_lets_nobody_into_an_archived_weblog(self) -> None:
        editor = get_user_model().objects.create_user("edi", "edi@example.org", "x")
        set_role(self.amelie.tenancy, editor, "editor")
        entry = make_entry(self.amelie, "In review", live=False)
        self.amelie.tenancy.workflow.start(entry, editor)
        set_role(self.bob.tenancy, editor, "editor")
        elsewhere = make_entry(self.bob, "In another's review", live=False)
        self.bob.tenancy.workflow.start(elsewhere, editor)
        here = f"/admin/pages/{entry.pk}/"
        client = Client(headers={"host": "localhost"})
        client.force_login(editor)
        self.assertEqual(client.get(f"{here}edit/").status_code, 200)
        self.become(self.amelie, State.ARCHIVED)
        task = entry.current_workflow_task_state.pk
        for act in ("edit/", "lock/"):
            self.assertIn(client.post(here + act).status_code, (302, 403), act)
        for act in ("reject", "approve"):
            for page in (entry, elsewhere):
                address = f"/admin/pages/workflow/action/{page.pk}/{act}/{task}/"
                self.assertEqual(client.post(address, {"comment": ""}).status_code, 404, address)
        entry = type(entry).objects.get(pk=entry.pk)
        self.assertEqual((entry.locked, entry.revisions.count()), (False, 1))
        self.assertEqual(entry.current_workflow_task_state.status, "in_progress")

    def test_a_closed_weblog_isnt_read_by_an_address_that_only_looks_other(self) -> None:
        weblog = create_weblog("Pathy", slug="pathy")
        make_entry(weblog, "Quetzal diary")
        for state in (State.SUSPENDED, State.TRASHED):
            self.become(weblog, state)
            for path in ("/%2Fpathy/", "/%2Fpathy/quetzal/", "/%2F/pathy/quetzal-diary/"):
                answer = self.read(path, "localhost")
                self.assertEqual(answer.status_code, 404, path)
                self.assertNotIn(b"Quetzal", answer.content, path)
                self.assertNotIn(b"Pathy", answer.content, path)

    def test_who_is_slower_undoes_no_decision(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        seen = Tenancy.objects.get(weblog=self.amelie)
        self.become(self.amelie, State.SUSPENDED)
        with self.assertRaises(NotAllowed):
            set_state(seen, State.TRASHED, by=owner)
        self.assertEqual(Tenancy.objects.get(weblog=self.amelie).state, State.SUSPENDED)

    def test_owners_may_delete_and_take_back_and_nothing_else(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        stranger = self.bob.tenancy.owners.user_set.get()
        tenancy = self.amelie.tenancy
        self.assertEqual(may_become(tenancy, owner), [State.TRASHED])
        self.assertEqual(may_become(tenancy, stranger), [])
        tenancy.state = State.SUSPENDED
        self.assertEqual(may_become(tenancy, owner), [])

    def test_files_of_an_archived_weblog_can_be_chosen_and_not_changed(self) -> None:
        picture = make_picture(self.amelie)
        self.become(self.amelie, State.ARCHIVED)
        owner = self.amelie.tenancy.owners.user_set.get()
        policy = policy_registry.get_by_type(Picture)
        self.assertTrue(policy.user_has_permission_for_instance(owner, "choose", picture))
        for act in ("change", "delete"):
            self.assertFalse(policy.user_has_permission_for_instance(owner, act, picture), act)

    def test_owners_do_not_undo_what_an_operator_decided(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        for decided in (State.TRASHED, State.SUSPENDED, State.ARCHIVED):
            self.become(self.amelie, decided)
            self.amelie.tenancy.refresh_from_db()
            self.assertEqual(may_become(self.amelie.tenancy, owner), [], decided)
            self.become(self.amelie, State.ACTIVE)
        self.amelie.tenancy.refresh_from_db()
        self.assertEqual(may_become(self.amelie.tenancy, owner), [State.TRASHED])
        set_state(self.amelie.tenancy, State.TRASHED, by=owner)
        self.assertEqual(may_become(self.amelie.tenancy, owner), [State.ACTIVE])
