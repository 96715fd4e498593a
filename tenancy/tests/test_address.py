"""The screen on which owners say where their weblog lives."""

from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.utils import timezone

from tenancy.hosts import host_table
from tenancy.models import Domain, HostAlias, RoleName, State
from tenancy.people import set_role
from tenancy.registration import give_host
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs
from tenancy.tests.nameserver import name_server


class Screen(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = self.signed_in(self.amelie.tenancy.owners.user_set.get())
        self.address = f"/admin/weblogs/{self.amelie.pk}/address/"

    def signed_in(self, user: object) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        return client

    def act(self, act: str, **fields: object) -> str:
        answer = self.owner.post(self.address, {"act": act, **fields}, follow=True)
        self.assertEqual(answer.status_code, 200, fields)
        return answer.content.decode()

    def test_is_for_owners_and_operators_alone(self) -> None:
        people = {name: get_user_model().objects.create_user(name, f"{name}@example.org")
                  for name in ("editor", "author", "contributor")}  # fmt: skip
        for name, person in people.items():
            set_role(self.amelie.tenancy, person, RoleName(name))
        strangers = [*people.values(), self.bob.tenancy.owners.user_set.get()]
        for person in strangers:
            client = self.signed_in(person)
            for ask in (client.get, client.post):
                self.assertEqual(ask(self.address).status_code, 404, person)
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        self.assertContains(self.signed_in(operator).get(self.address), "amelie.localhost")
        self.assertContains(self.owner.get("/admin/"), self.address)

    def test_a_free_name_is_taken_at_once_and_the_earlier_one_leads_there(self) -> None:
        page = self.act("take", name="  Ämy ")
        self.assertIn("ämy.localhost", page)
        self.assertEqual(self.status("xn--my-uia.localhost"), 200)
        self.assertEqual(self.read("/x/", "amelie.localhost")["Location"],
                         "http://xn--my-uia.localhost:8000/x/")  # fmt: skip

    def test_who_asks_for_www_is_told_that_it_comes_alone(self) -> None:
        words = "This is for the name with www. alone."
        self.assertNotIn(words, self.act("ask", domain="amelie.example"))
        self.assertIn(words, self.act("ask", domain="www.amelie.example"))

    def test_says_how_to_go_back(self) -> None:
        self.assertIn(
            "read at amy.localhost now. amelie.localhost goes on leading to it; to go back, press",
            self.act("take", name="amy"),
        )
        give_host(self.amelie, "amelie.example")
        self.assertIn("ann.localhost leads to this weblog now.", self.act("take", name="ann"))

    def test_whole_addresses_can_be_pasted(self) -> None:
        self.act("take", name=" https://Amy.localhost:8000/about/?x=1 ")
        self.assertEqual(self.status("amy.localhost"), 200)
        for pasted in ("https://user@Amelie.example:443/blog/#top", "bob.example/blog?x=1"):
            self.act("ask", domain=pasted)
        names = set(Domain.objects.values_list("hostname", flat=True))
        self.assertEqual(names, {"amelie.example", "bob.example"})
        for pasted in ("http://", "https://[x", "https:///path", "/", "?"):
            self.assertIn('id="domain-error"', self.act("ask", domain=pasted), pasted)

    def status(self, host: str) -> int:
        return self.read("/", host).status_code

    def test_names_that_cannot_be_are_refused_with_a_reason_and_kept_in_the_form(self) -> None:
        for name in ("admin", "WWW", "bob", "BOB.localhost", "a.b", "", "a b", "-x", "x" * 64,
                     "amelie", "bob:80", "<b>", "bob.", "\0"):  # fmt: skip
            page = self.act("take", name=name)
            self.assertIn('id="name-error"', page, name)
            self.assertNotIn("<b>", page)
        self.assertEqual(host_table().aliases.keys() & {"bob.localhost"}, set())
        for name in ("bob.localhost", "x", "amelie.localhost", "ｂob.localhost", "\0.example"):
            self.assertIn('id="domain-error"', self.act("ask", domain=name), name)
        self.assertFalse(Domain.objects.exists())
        for act, field, end in (("take", "name", ""), ("ask", "domain", ".example")):
            for name, reason in (("xn--", "stands for none"), ("x" * 64, "is too long")):
                self.assertIn(reason, self.act(act, **{field: name + end}), act)
        self.assertIn("letters, digits and hyphens, for", self.act("take", name="UPPER case!"))

    def test_a_free_name_leads_to_the_domain_of_who_has_one(self) -> None:
        give_host(self.amelie, "amelie.example")
        self.act("take", name="amy")
        self.assertEqual(self.read("/", "amy.localhost")["Location"],
                         "http://amelie.example:8000/")  # fmt: skip

    def test_a_domain_is_asked_for_shown_with_its_records_checked_and_withdrawn(self) -> None:
        page = self.act("ask", domain="Amelie.example")
        domain = Domain.objects.get()
        for words in (domain.record_name, domain.record_value, "waiting for proof", "CNAME"):
            self.assertIn(words, page)
        with name_server() as names:
            page = self.act("check", domain=domain.pk)
            self.assertIn("The TXT record isn&#x27;t there yet.", page)
            names.records[domain.record_name] = [domain.record_value]
            asked = len(names.asked)
            self.assertIn("We looked a moment ago", self.act("check", domain=domain.pk))
            self.assertEqual(len(names.asked), asked)
            Domain.objects.update(checked_at=None)
            self.assertIn("This weblog lives there now", self.act("check", domain=domain.pk))
        self.assertEqual(self.status("amelie.example"), 200)
        self.assertEqual(self.owner.post(self.address, {"act": "withdraw", "domain": domain.pk})
                         .status_code, 404)  # fmt: skip
        self.act("ask", domain="other.example")
        self.act("withdraw", domain=Domain.objects.get(proven_at=None).pk)
        self.assertEqual(Domain.objects.count(), 1)

    @override_settings(PLATFORM_ADDRESSES=["192.0.2.7", "2001:db8::7"])
    def test_it_names_the_platforms_addresses_where_they_are_known(self) -> None:
        page = self.act("ask", domain="amelie.example")
        for words in ("192.0.2.7", "<td>A</td>", "2001:db8::7", "<td>AAAA</td>"):
            self.assertIn(words, page)

    def test_a_lost_proof_is_shown_with_its_record(self) -> None:
        give_host(self.amelie, "amelie.example")
        domain = Domain.objects.create(
            weblog=self.amelie, hostname="amelie.example",
            proven_at=timezone.now(), lost_at=timezone.now(),
        )  # fmt: skip
        page = self.owner.get(self.address)
        self.assertContains(page, domain.record_value)
        self.assertContains(page, "after seven days the name stops")

    def test_another_of_its_names_becomes_the_main_one_or_goes(self) -> None:
        give_host(self.amelie, "amelie.example")
        self.act("use", host="amelie.localhost")
        self.assertEqual(self.status("amelie.localhost"), 200)
        self.assertEqual(self.status("amelie.example"), 301)
        self.act("remove", host="amelie.example")
        self.assertEqual(self.status("amelie.example"), 421)
        self.assertIn("Take another name first", self.act("remove", host="amelie.localhost"))

    def test_a_domain_that_operators_gave_goes_together_with_its_twin(self) -> None:
        give_host(self.amelie, "amelie.example", with_twin=True)
        self.act("remove", host="amelie.example")
        self.assertEqual(self.status("amelie.localhost"), 200)
        for name in ("amelie.example", "www.amelie.example"):
            self.assertEqual(self.status(name), 421, name)

    def test_names_and_domains_of_others_do_not_exist(self) -> None:
        HostAlias.objects.create(hostname="bobs.example", page=self.bob)
        bobs = Domain.objects.create(weblog=self.bob, hostname="b.example")
        for act in ("use", "remove", "check", "withdraw", "nothing", ""):
            for host in ("bobs.example", "bob.localhost", "", "localhost"):
                for domain in (bobs.pk, "", "x", "9" * 30):
                    data = {"act": act, "host": host, "domain": domain}
                    answer = self.owner.post(self.address, data)
                    self.assertEqual(answer.status_code, 404, data)

    def test_a_closed_weblogs_addresses_stay_as_they_are(self) -> None:
        set_state(self.amelie.tenancy, State.ARCHIVED)
        self.assertContains(self.owner.get(self.address), "addresses can't be changed")
        answer = self.owner.post(self.address, {"act": "take", "name": "new"})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.status("new.localhost"), 421)


@override_settings(MACHINE_TOKEN="a b&c")
class Certificates(TwoWeblogs):
    def ask(self, domain: str, token: str = "a b&c", host: str = "127.0.0.1:8000") -> int:
        data = {"domain": domain, "token": token}
        return Client(headers={"host": host}).get("/-/tls-ask", data).status_code

    def test_are_for_hosts_that_are_served_and_their_aliases(self) -> None:
        HostAlias.objects.create(hostname="old.example", page=self.bob)
        Domain.objects.create(weblog=self.bob, hostname="waiting.example")
        for name in ("amelie.localhost", "AMELIE.localhost.", "old.example", "localhost"):
            self.assertEqual(self.ask(name), 200, name)
        for name in ("unknown.example", "waiting.example", "", " ", "*.localhost", "x" * 300,
                     "amelie.localhost:80", "amelie.localhost/", "a\0",
                     "www.amelie.localhost"):  # fmt: skip
            self.assertEqual(self.ask(name), 404, name)
        for host in ("unknown.example", "amelie.localhost"):
            self.assertEqual(self.ask("bob.localhost", host=host), 200)

    def test_are_for_the_admins_own_host_too(self) -> None:
        with override_settings(ADMIN_HOSTNAME="desk.example"):
            self.assertEqual(self.ask("desk.example"), 200)

    def test_are_not_for_closed_weblogs(self) -> None:
        HostAlias.objects.create(hostname="old.example", page=self.bob)
        for state, status in ((State.SUSPENDED, 404), (State.TRASHED, 404), (State.ACTIVE, 200),
                              (State.ARCHIVED, 200)):  # fmt: skip
            with self.captureOnCommitCallbacks(execute=True):
                set_state(self.bob.tenancy, state)
            for name in ("bob.localhost", "old.example"):
                self.assertEqual(self.ask(name), status, (state, name))

    def test_are_told_to_nobody_without_the_token(self) -> None:
        for token in ("", "a b", "A B&C", "é"):
            self.assertEqual(self.ask("amelie.localhost", token), 404)
        with override_settings(MACHINE_TOKEN=""):
            for token in ("", "a b&c"):
                self.assertEqual(self.ask("amelie.localhost", token), 404)

    def test_cost_no_query_and_no_question(self) -> None:
        host_table()
        with self.assertNumQueries(0), patch("tenancy.dns.text_records") as asked:
            self.ask("amelie.localhost")
            self.ask("unknown.example")
        asked.assert_not_called()
