"""Which host answers, and which doesn't."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client, RequestFactory, SimpleTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from blog.factories import make_entry
from home.models import HomePage
from pagecache import generations
from pages.models import BasePage
from tenancy import finding, hosts
from tenancy.hostnames import (
    HostnameError,
    host_in,
    of_request,
    registrable,
    shown,
    shown_address,
    stored,
)
from tenancy.middleware import HostMiddleware
from tenancy.models import HostAlias
from tenancy.provisioning import create_weblog
from tenancy.registration import ProvisioningError, free_hostname, give_host, make_site
from tenancy.testing import TwoWeblogs


class Hostnames(SimpleTestCase):
    def test_every_spelling_has_one_stored_form(self) -> None:
        for spelling in ("BÜCHER.example", "bücher.example.", "xn--bcher-kva.EXAMPLE"):
            self.assertEqual(stored(spelling), "xn--bcher-kva.example")
        self.assertEqual(shown("xn--bcher-kva.example"), "bücher.example")
        address = shown_address("http://xn--bcher-kva.example:8000/")
        self.assertEqual(address, "http://bücher.example:8000/")

    def test_what_no_host_can_be_called_is_refused_in_a_sentence(self) -> None:
        bad = (
            "a b",
            "-a.example",
            "a..b",
            "a_b.example",
            "x" * 64,
            "e." * 130,
            "a/b",
            "💥" * 70,
        )
        for name in bad:
            with self.assertRaises(HostnameError, msg=name) as caught:
                registrable(name)
            self.assertIn("can't be the name of a host", str(caught.exception))
        for address in ("127.0.0.1", "10.0.0.7"):
            with self.assertRaises(HostnameError):
                registrable(address)

    def test_what_is_refused_says_what_is_wrong_with_it(self) -> None:
        for name, reason in {
            f"{'a' * 64}.example": "“aaaaaaaaaaaaaaaaaaaa …” is too long. What stands between two "
            "dots has at most 63 characters",
            f"bücher.{'ü' * 60}.example": "“üüüüüüüüüüüüüüüüüüüü …” is too long.",
            f"{'a' * 62}.{'ü' * 60}.example": "“üüüüüüüüüüüüüüüüüüüü …” is too long.",
            "e." * 130: "it has more than 253 characters.",
            "xn--.example": "“xn--” stands for none. Write the letters themselves.",
            "XN--ZZZZZZ.example": "“xn--zzzzzz” stands for none.",
            "bücher.xn--a": "“xn--a” stands for none.",
            "a_b.example": "Use letters, digits, hyphens and dots",
            "💥.example": "Use letters, digits, hyphens and dots",
            "a..example": "Use letters, digits, hyphens and dots",
            host_in("https://"): "Write the name of a host",
        }.items():
            with self.assertRaises(HostnameError, msg=name) as caught:
                registrable(name)
            self.assertIn(reason, str(caught.exception))
            self.assertNotRegex(str(caught.exception), "Codepoint|A-label|Label")
        for name in (f"{'a' * 63}.example", "xn--bcher-kva.example", "axn--b.example"):
            self.assertEqual(registrable(name), name)

    def test_a_host_header_is_read_without_its_port(self) -> None:
        self.assertEqual(of_request("Amelie.Localhost.:8000"), "amelie.localhost")
        self.assertEqual(of_request("[::1]:8000"), "[::1]")
        for nonsense in ("a@b", "a b", "", "\0", "a.example:port", "x" * 300, "a,b"):
            self.assertEqual(of_request(nonsense), "", nonsense)


class Answers(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        make_entry(cls.amelie, "First light")

    def test_a_host_that_nobody_registered_is_misdirected(self) -> None:
        strangers = (
            "unknown.example", "localhost.evil", "a@localhost", "amelie.localhost@evil.example",
            "", " ", "10.0.0.1", "[::2]", "::1", "x" * 300, "*", ".", "amelie.localhost:80:80",
            "amelie.localhost, bob.localhost", "%61melie.localhost", "amelie.localhost/",
            "amelie.localhost#", "amelie..localhost", "xamelie.localhost", "amelie", "_.localhost",
        )  # fmt: skip
        for host in strangers:
            response = self.read("/", host)
            self.assertEqual(response.status_code, 421, host)
            self.assertEqual(response.content, b"There is no weblog at this address.\n")
            self.assertNotIn("Set-Cookie", response)

    def test_capitals_ports_and_a_trailing_dot_are_the_same_host(self) -> None:
        for host in ("AMELIE.localhost", "amelie.localhost.", "Amelie.Localhost:99999"):
            self.assertContains(self.read("/", host), "First light")

    def test_a_request_without_a_host_is_misdirected(self) -> None:
        request = RequestFactory().get("/")
        del request.META["SERVER_NAME"]
        self.assertNotIn("HTTP_HOST", request.META)
        response = HostMiddleware(lambda request: self.fail("it went on"))(request)
        self.assertEqual(response.status_code, 421)

    def test_letters_beyond_ascii_reach_the_host_in_punycode(self) -> None:
        weblog = create_weblog("Bücher", host="bücher.localhost")
        self.assertEqual(weblog.full_url, "http://xn--bcher-kva.localhost:8000/")
        self.assertContains(self.read("/", "xn--bcher-kva.localhost"), "Bücher")

    def test_a_host_can_be_registered_once_only_however_it_is_spelt(self) -> None:
        create_weblog("Bücher", host="bücher.localhost")
        HostAlias.objects.create(hostname="alias.localhost", page=self.amelie)
        taken = (
            "BÜCHER.localhost",
            "xn--bcher-kva.localhost.",
            "Amelie.localhost",
            "alias.localhost",
        )
        for host in taken:
            with self.assertRaises(ProvisioningError, msg=host) as caught:
                create_weblog("Again", host=host)
            self.assertIn("is taken", str(caught.exception))

    def test_a_site_made_in_wagtails_form_is_spelt_the_way_it_is_looked_up(self) -> None:
        for spelling in ("AMELIE.localhost", "amelie.localhost.", "BÜCHER.localhost", "a b"):
            site = Site(hostname=spelling, port=8000, root_page=self.home)
            with self.assertRaises(ValidationError, msg=spelling) as caught:
                site.full_clean()
            sentence = " ".join(caught.exception.message_dict["hostname"])
            self.assertRegex(sentence, "Write this name as|can't be the name of a host")
        Site(hostname="new.localhost", port=8000, root_page=self.home).full_clean()

    def test_the_name_of_the_admins_own_host_is_refused(self) -> None:
        with override_settings(ADMIN_HOSTNAME="desk.example"):
            for host in ("desk.example", "DESK.example."):
                with self.assertRaisesMessage(ProvisioningError, "kept for the platform"):
                    create_weblog("Trap", host=host)

    def test_names_kept_for_the_platform_are_refused(self) -> None:
        for host in ("admin.localhost", "www.localhost", "localhost"):
            with self.assertRaises(ProvisioningError):
                free_hostname(host)

    def test_of_an_address_its_host_is_taken(self) -> None:
        for address in ("https://New.example:8051/", "new.example:8051/blog", "new.example/?x"):
            self.assertEqual(free_hostname(address), "new.example")

    def test_the_admin_is_on_one_host_only(self) -> None:
        for path in ("/admin/", "/admin/login/", "/admin/pages/"):
            response = self.read(path, "amelie.localhost")
            self.assertEqual(response.status_code, 404, path)
            self.assertNotIn("Set-Cookie", response)
        self.assertEqual(self.read("/admin/login/", "localhost").status_code, 200)

    def test_a_session_that_a_reader_claims_is_neither_looked_for_nor_taken_back(self) -> None:
        response = self.read("/", "amelie.localhost", cookie="session=made-up")
        self.assertContains(response, "First light")
        self.assertNotIn("Set-Cookie", response)
        self.assertNotIn("Cookie", response.get("Vary", ""))

    def test_what_the_admin_has_not_is_looked_for_in_no_weblog(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        for client in (owner, Client(headers={"host": "localhost"})):
            with CaptureQueriesContext(connection) as captured:
                client.get("/admin/nothing/at/all/")
            asked = [query["sql"] for query in captured if "blogindexpage" in query["sql"]]
            self.assertEqual([sql for sql in asked if "slug" in sql.partition("WHERE")[2]], [])

    def test_the_admin_can_have_a_host_of_its_own(self) -> None:
        with override_settings(ADMIN_HOSTNAME="desk.localhost"):
            self.assertEqual(self.read("/admin/login/", "desk.localhost").status_code, 200)
            self.assertEqual(self.read("/admin/login/", "localhost").status_code, 404)
            self.assertEqual(self.read("/admin/login/", "amelie.localhost").status_code, 404)
            self.assertEqual(self.read("/", "localhost").status_code, 200)

    def test_a_forwarded_host_counts_from_a_trusted_proxy_only(self) -> None:
        forwarded = {"x-forwarded-host": "bob.localhost"}
        self.assertContains(self.read("/", "amelie.localhost", **forwarded), "First light")
        with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
            self.assertNotContains(self.read("/", "amelie.localhost", **forwarded), "First light")
            for strange in ("evil.example", "bob.localhost, evil.example", "a b"):
                response = self.read("/", "amelie.localhost", **{"x-forwarded-host": strange})
                self.assertEqual(response.status_code, 421, strange)
        with override_settings(TRUSTED_PROXIES=["10.0.0.1"]):
            self.assertContains(self.read("/", "amelie.localhost", **forwarded), "First light")

    def test_nobody_but_a_trusted_proxy_says_that_a_request_came_over_https(self) -> None:
        seen = []
        middleware = HostMiddleware(lambda request: seen.append(request.META))
        for trusted in ([], ["127.0.0.1"]):
            headers = {"host": "amelie.localhost", "x-forwarded-proto": "https"}
            with override_settings(TRUSTED_PROXIES=trusted):
                middleware(RequestFactory().get("/", headers=headers))
        self.assertNotIn("HTTP_X_FORWARDED_PROTO", seen[0])
        self.assertEqual(seen[1]["HTTP_X_FORWARDED_PROTO"], "https")

    def test_machines_are_answered_on_any_host(self) -> None:
        for host in ("unknown.example", "amelie.localhost", "localhost"):
            self.assertEqual(self.read("/-/livez", host).status_code, 200)
            self.assertEqual(self.read("/-/readyz", host).content, b"ready\n")

    def test_the_machines_own_address_is_an_alias_at_home(self) -> None:
        response = self.read("/search/?q=x", "127.0.0.1:8000")
        self.assertEqual(response.status_code, 301)
        self.assertEqual(response["Location"], "http://localhost:8000/search/?q=x")

    def test_nul_in_an_address_is_refused_in_a_sentence(self) -> None:
        for path in ("/%00/", "/?q=%00", "/search/?q=a%00b", "/feed/?page=%00", "/tag/%00/"):
            response = self.read(path)
            self.assertEqual(response.status_code, 400, path)
            self.assertIn(b"none can have", response.content)


class Table(TwoWeblogs):
    def test_it_is_read_without_a_query_once_it_is_known(self) -> None:
        hosts.host_table()
        with self.assertNumQueries(0):
            self.read("/", "unknown.example")

    def test_a_change_is_seen_at_once(self) -> None:
        self.assertEqual(self.read("/", "new.localhost").status_code, 421)
        create_weblog("New", host="new.localhost")
        self.assertEqual(self.read("/", "new.localhost").status_code, 200)

    def test_what_is_rolled_back_was_never_a_host(self) -> None:
        class TakenBackError(Exception):
            pass

        with self.assertRaises(TakenBackError), transaction.atomic():
            give_host(self.bob, "bob.example")
            self.assertIn("bob.example", hosts.host_table().hosts)
            raise TakenBackError
        self.assertNotIn("bob.example", hosts.host_table().hosts)

    def test_another_process_is_heard_after_a_while(self) -> None:
        table = hosts.host_table()
        later = time.monotonic() + hosts.REFRESH_AFTER + 1
        self.assertIs(hosts.host_table(), table)
        with patch("tenancy.hosts.time.monotonic", return_value=later):
            self.assertIsNot(hosts.host_table(), table)

    def test_many_threads_read_it_once_and_see_the_same(self) -> None:
        table, together = hosts.host_table(), threading.Barrier(8)

        def read_slowly() -> hosts.HostTable:
            # Until the others, who all want the table, wait for it.
            threading.Event().wait(0.02)
            return hosts.HostTable(table.hosts)

        def ask(number: int) -> hosts.HostTable:
            together.wait()
            return hosts.host_table()

        with (
            patch("tenancy.hosts._read", side_effect=read_slowly) as read,
            ThreadPoolExecutor(8) as pool,
        ):
            hosts.forget_hosts()
            tables = list(pool.map(ask, range(8)))
        self.assertEqual(read.call_count, 1)
        self.assertTrue(all(each is tables[0] for each in tables))

    def test_while_one_thread_reads_it_again_all_others_go_on_with_the_old_one(self) -> None:
        old = hosts.HostTable(read_at=-hosts.REFRESH_AFTER, forgotten=hosts._forgotten)
        with patch("tenancy.hosts._table", old), ThreadPoolExecutor(1) as pool, hosts._reading:
            self.assertIs(pool.submit(hosts.host_table).result(5), old)

    def test_a_database_that_hangs_is_asked_the_more_rarely_the_longer_it_takes(self) -> None:
        tries = []

        def hang() -> None:
            tries.append(1)
            time.sleep(0.4)
            raise OperationalError("timeout expired")

        old, began = hosts.HostTable(forgotten=-1), time.monotonic()
        new = {"_table": old, "_asked_again_at": 0.0, "_is_behind": False}
        with (
            patch.multiple("tenancy.hosts", **new, _read=hang, PAUSE=0),
            ThreadPoolExecutor(4) as pool,
        ):
            asked = [pool.submit(hosts.host_table) for _ in range(4)]
            self.assertEqual([each.result(30) for each in asked], [old] * 4)
            self.assertEqual(len(tries), 2)  # of one, and who waited asks not once more
            self.assertGreaterEqual(hosts._asked_again_at - began, 1.6)  # it took 0.8: two tries
            with patch.multiple("tenancy.hosts", _asked_again_at=0.0, LONGEST_PAUSE=0.1):
                pool.submit(hosts.host_table).result(30)
                self.assertLess(hosts._asked_again_at, time.monotonic() + 0.1)

    def test_who_reads_is_waited_for_by_all_others_for_a_moment_together(self) -> None:
        """With a table that was forgotten, and in a new process, which knows no host yet."""
        answers = threading.Event()

        def hang() -> hosts.HostTable:
            answers.wait(20)
            return hosts.HostTable()

        for table in (hosts.HostTable(forgotten=-1), None):
            answers.clear()
            new = {"_table": table, "_asked_again_at": 0.0, "_is_behind": False}
            with (
                patch.multiple("tenancy.hosts", **new, _read=hang, PATIENCE=0.2),
                ThreadPoolExecutor(4) as pool,
            ):
                reader = pool.submit(hosts.host_table)
                while not hosts._reading.locked():
                    time.sleep(0.01)
                began = time.monotonic()
                for _ in range(50):
                    error = pool.submit(hosts.host_table).exception(5)
                    self.assertEqual(error is None, table is not None)
                self.assertLess(time.monotonic() - began, 5)  # half of what all would wait
                answers.set()
                self.assertIsNot(reader.result(5), table)
                # Where pages were found meanwhile has to be looked at again.
                is_in_doubt = generations.of(generations.HOSTS).number < 0
                self.assertEqual(is_in_doubt, table is not None)
            generations.refresh()

    def test_a_removed_host_is_gone_at_once(self) -> None:
        self.assertEqual(self.read("/", "bob.localhost").status_code, 200)
        Site.objects.get(hostname="bob.localhost").delete()
        self.assertEqual(self.read("/", "bob.localhost").status_code, 421)
        self.assertEqual(self.read("/bob/", "localhost").status_code, 200)

    def test_a_host_that_is_renamed_in_wagtails_own_form_leads_to_its_new_name(self) -> None:
        family = BasePage.get_first_root_node().add_child(instance=HomePage(title="Family"))
        make_site("family.example", family)
        HostAlias.objects.create(hostname="old.example", page=self.amelie)
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        client = Client(headers={"host": "localhost"})
        client.force_login(operator)
        for page, names in (
            (self.amelie, ("amelie.localhost", "old.example", "amelie.localhost")),
            (family, ("family.example", "new.example", "newest.example")),
        ):
            site = Site.objects.get(root_page=page)
            for number, name in enumerate(names[1:], 1):
                form = {"hostname": name, "port": 8000, "site_name": "", "root_page": page.pk}
                self.assertEqual(
                    client.post(f"/admin/sites/edit/{site.pk}/", form).status_code, 302
                )
                self.assertIn(page.title, self.text("/", name))
                for earlier in set(names[:number]) - {name}:
                    there = self.read("/x/?y=1", earlier)["Location"]
                    self.assertEqual(there, f"http://{name}:8000/x/?y=1")
        self.assertFalse(HostAlias.objects.filter(hostname="amelie.localhost").exists())
        # Another spelling is no other name.
        site.hostname = "Newest.Example"
        site.save()
        self.assertIn("Family", self.text("/", "newest.example"))

    def test_a_domain_that_operators_give_comes_with_its_twin_unless_that_is_anothers(self) -> None:
        create_weblog("Carol", host="carol.example")
        call_command("give_host", "amelie.localhost", "www.amelie.example", stdout=StringIO())
        for twin, host in (
            ("www.carol.example", "carol.example"),
            ("amelie.example", "www.amelie.example"),
        ):
            there = self.read("/x/?y=1", twin)["Location"]
            self.assertEqual(there, f"http://{host}:8000/x/?y=1")
        self.assertEqual(self.read("/", "www.bob.localhost").status_code, 421)
        give_host(self.bob, "www.dora.example")
        create_weblog("Dora", host="dora.example")
        self.assertIn("Bob", self.text("/", "www.dora.example"))

    def test_a_weblog_is_found_by_any_spelling_of_its_host(self) -> None:
        weblog = create_weblog("Bücher", host="bücher.localhost")
        for name in (
            "bücher.localhost", "BÜCHER.localhost.", "xn--bcher-kva.localhost:8000",
            "http://xn--bcher-kva.localhost:8000/", "localhost/xn--bcher-kva/",
        ):  # fmt: skip
            found = finding.weblog_at(name.replace("xn--bcher-kva/", f"{weblog.slug}/"))
            self.assertEqual(found, weblog, name)
        HostAlias.objects.create(hostname="books.localhost", page=weblog)
        self.assertEqual(finding.weblog_at("https://books.localhost/"), weblog)
        for name in ("nobody.localhost", "localhost", "localhost/nobody", "", "a b"):
            with self.assertRaises(finding.UnknownHost, msg=name):
                finding.weblog_at(name)

    def test_a_post_to_an_alias_keeps_its_method(self) -> None:
        HostAlias.objects.create(hostname="old.localhost", page=self.amelie)
        response = Client(headers={"host": "old.localhost"}).post("/x/?y=1", {"a": "b"})
        self.assertEqual(response.status_code, 308)
        self.assertEqual(response["Location"], "http://amelie.localhost:8000/x/?y=1")
