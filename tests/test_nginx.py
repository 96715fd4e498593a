"""`deploy/nginx.conf`, by a real nginx in front of a real server."""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import services
from benchmark import nginx
from benchmark.http import Answer, Client
from django.core.files.base import ContentFile
from django.test.testcases import _MediaFilesHandler

from blog.factories import make_entry, make_picture
from library.models import Document
from tenancy.hosts import forget_hosts
from tenancy.provisioning import create_weblog

needs_nginx = pytest.mark.skipif(
    not shutil.which("nginx"), reason="NO NGINX: install it to test deploy/nginx.conf."
)
Get = Callable[..., Answer]
KEPT = 1.0  # seconds
READERS = {  # the address of a reader, and what is known of it
    "192.0.2.77": "192.0.2.0",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1::",
    "2001:db8::5:6": "2001:db8::",
    "2001::7": "2001::",
    "::1": "-",
}


@needs_nginx
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    command = nginx.in_front(tmp_path, services.free_port(), services.free_port())
    told = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr


@pytest.fixture
def client(at, live_server, tmp_path) -> Iterator[Client]:
    """Asks through nginx."""
    port = services.free_port()
    folder = tmp_path / "nginx"
    folder.mkdir()
    command = nginx.in_front(folder, port, urlsplit(live_server.url).port)
    with services.server("nginx", command, lambda: answers(port), folder):
        client = Client(port)
        yield client
        client.connection.close()


@pytest.fixture
def get(client: Client) -> Get:
    """Ask for a path of a host through nginx."""
    return client.get


def answers(port: int) -> bool:
    client = Client(port)
    try:
        client.get("localhost", "/-/livez")
    except OSError:
        return False
    finally:
        client.connection.close()
    return True


class Earlier(BaseHTTPRequestHandler):
    """Stands for a platform that shows an earlier page once, and then says that it is the same."""

    protocol_version = "HTTP/1.1"
    told = {"X-Cache": "STALE", "Server-Timing": "cache;desc=stale", "Age": "9", "Warning": "110"}

    def do_GET(self) -> None:
        is_known = "If-None-Match" in self.headers
        self.send_response(304 if is_known else 200)
        of_a_copy = {"Cache-Control": "public", "ETag": '"x"', "Content-Length": "0"}
        for name, value in (of_a_copy | ({} if is_known else self.told)).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *told: Any) -> None:
        pass


@needs_nginx
def test_a_copy_doesnt_say_how_the_platform_came_by_it(tmp_path: Path) -> None:
    port, platform = services.free_port(), ThreadingHTTPServer(("127.0.0.1", 0), Earlier)
    threading.Thread(target=platform.serve_forever).start()
    try:
        command = nginx.in_front(tmp_path, port, platform.server_port)
        with services.server("nginx", command, lambda: answers(port), tmp_path):
            client = Client(port)
            for status in ("MISS", "REVALIDATED"):
                told = client.get("amelie.localhost", "/").headers
                assert told["x-proxy-cache"] == status
                assert not told.keys() & {name.lower() for name in Earlier.told}
                time.sleep(2 * KEPT + 0.5)
            client.connection.close()
    finally:
        platform.shutdown()
        platform.server_close()


@needs_nginx
def test_the_log_tells_no_address_of_a_reader_and_no_secret(tmp_path: Path) -> None:
    port, platform = services.free_port(), ThreadingHTTPServer(("127.0.0.1", 0), Earlier)
    threading.Thread(target=platform.serve_forever).start()
    try:
        command = nginx.in_front(tmp_path, port, platform.server_port)
        configuration = tmp_path / "nginx.conf"
        # What comes from where, as if it came from there.
        there = "set_real_ip_from 127.0.0.1; real_ip_header X-From; server_name _;"
        text = configuration.read_text().replace("server_name _;", there)
        configuration.write_text(text)
        with services.server("nginx", command, lambda: answers(port), tmp_path):
            client = Client(port)
            for address in READERS:
                told = {"X_From": address, "Referer": "http://secret.example/secret"}
                client.get("amelie.localhost", "/first/?q=secret", **told)
            for path in ("invitation/secret", "password_reset/confirm/1/secret"):
                client.get("localhost", f"/admin/{path}/")
                client.get("localhost", f"/%61dmin/{path}/")
            client.get("amelie.localhost", "/-/preview/secret/")
            client.connection.close()
    finally:
        platform.shutdown()
        platform.server_close()
    log = (tmp_path / "access.log").read_text()
    lines = [line for line in log.splitlines() if "/first/" in line]
    assert [line.split()[0] for line in lines] == list(READERS.values())
    assert all('"GET amelie.localhost/first/" 200' in line for line in lines)
    assert "secret" not in log


def is_kept(answer: Answer) -> bool:
    return answer.headers.get("x-proxy-cache") == "HIT"


@needs_nginx
class TestBehindNginx:
    def test_a_page_is_kept_for_one_second(self, get: Get, amelie) -> None:
        entry = make_entry(amelie, "Morning", slug="light")
        kept_until = time.monotonic() + KEPT
        first = get("amelie.localhost", "/light/")
        entry.title = "Evening"
        entry.save_revision().publish()
        second = get("amelie.localhost", "/light/")
        assert "Morning" in first.text
        if time.monotonic() < kept_until:
            assert is_kept(second)
            assert second.body == first.body
        time.sleep(2 * KEPT + 0.5)  # a second more it may be shown while a new one is asked for
        third = get("amelie.localhost", "/light/")
        assert "Evening" in third.text, third.headers

    def test_weblogs_with_the_same_address_never_mix(self, get: Get, amelie) -> None:
        for weblog in (amelie, create_weblog("Bob", host="bob.localhost")):
            make_entry(weblog, f"Only {weblog.title}'s", slug="same")
        for _ in range(3):
            for own, other in (("Amelie", "Bob"), ("Bob", "Amelie")):
                text = get(f"{own.lower()}.localhost", "/same/").text
                assert f"Only {own}" in text
                assert f"Only {other}" not in text

    def test_what_a_reader_claims_about_the_host_is_dropped(self, get: Get, amelie) -> None:
        make_entry(create_weblog("Bob", host="bob.localhost"), "Only Bob's", slug="same")
        claims = {"X_Forwarded_Host": "bob.localhost", "Forwarded": "host=bob.localhost"}
        for _ in range(2):
            assert get("amelie.localhost", "/same/", **claims).status == 404
        assert get("stranger.localhost", "/").status == 421

    def test_the_admin_is_never_kept(self, get: Get, amelie) -> None:
        for _ in range(3):
            answer = get("localhost", "/admin/login/")
            assert answer.status == 200
            assert "x-proxy-cache" not in answer.headers
            assert "set-cookie" in answer.headers

    def test_guesses_are_slowed_down(self, client: Client, amelie) -> None:
        asked = list[int]()
        while 429 not in asked and len(asked) < 50:  # one more every two seconds is let through
            asked.append(client.post("localhost", "/admin/login/").status)
        assert asked[:11] == [403] * 11  # without the form's token
        assert asked[-1] == 429
        assert client.get("localhost", "/admin/login/").status == 200

    @pytest.mark.parametrize(
        "known", [{"Cookie": "theme=dark; session=abc"}, {"Authorization": "x"}]
    )
    def test_who_is_known_gets_no_copy_and_leaves_none(self, get: Get, amelie, known: dict) -> None:
        make_entry(amelie, "Morning", slug="light")
        assert not is_kept(get("amelie.localhost", "/light/", **known))
        assert not is_kept(get("amelie.localhost", "/light/"))
        assert not is_kept(get("amelie.localhost", "/light/", **known))

    def test_who_takes_no_gzip_gets_the_plain_page(self, get: Get, amelie) -> None:
        make_entry(amelie, "Morning", slug="light")
        compressed = get("amelie.localhost", "/light/", Accept_Encoding="br, gzip;q=0.5")
        plain = get("amelie.localhost", "/light/", Accept_Encoding="br")
        assert compressed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert compressed.text == plain.text

    def test_search_engines_hear_of_what_the_owner_tells_them(
        self, get: Get, amelie, monkeypatch
    ) -> None:
        # The test's server would send pictures itself.
        monkeypatch.setattr(_MediaFilesHandler, "_should_handle", lambda *_: False)
        make_entry(amelie, "Morning")
        cover = make_picture(amelie).get_rendition("width-100").url
        file = ContentFile(b"words", "cv.txt")
        document = Document.objects.create(
            title="Curriculum", file=file, collection=amelie.tenancy.collection
        )
        document.get_file_hash()
        for is_welcome in (True, False, True):
            amelie.search_engines = is_welcome
            amelie.save_revision().publish()
            forget_hosts()  # else files would say it within a minute
            time.sleep(2 * KEPT + 0.5)
            for path in ("/feed/", "/feed.json", cover, document.url):
                for _ in range(2):
                    answer = get("amelie.localhost", path)
                    assert answer.status == 200
                    assert ("x-robots-tag" in answer.headers) is not is_welcome, path

    def test_a_reader_who_has_the_page_is_told_so(self, get: Get, amelie) -> None:
        make_entry(amelie, "Morning", slug="light")
        tag = get("amelie.localhost", "/light/").headers["etag"]
        answer = get("amelie.localhost", "/light/", If_None_Match=tag)
        assert answer.status == 304
        assert answer.body == b""
