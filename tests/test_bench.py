"""What `make bench` measures is what readers and writers get."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark import facts, growth, report
from benchmark.names import FEW, MANY, NAME, host_of, name_of, path_of
from benchmark.seeding import make_everything
from benchmark.spike import FRESH_WITHIN, POLLED, Spike
from django.conf import settings
from django.test import Client, TestCase

from blog.models import BlogEntryPage, BlogIndexPage
from pages.models import BasePage
from tenancy.hosts import forget_hosts

SITES, ENTRIES = 4, 110


@pytest.mark.only_on("full", "they are measured there alone.")
class SeededWeblogs(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_everything(SITES, ENTRIES)
        forget_hosts()

    def test_their_tree_is_sound(self) -> None:
        self.assertEqual([found for found in BasePage.find_problems() if found], [])
        self.assertEqual(BlogEntryPage.objects.count(), ENTRIES + FEW + 4 + 4)

    def test_their_pages_are_those_of_their_weblog(self) -> None:
        for number in range(SITES):
            for path in ("/", "/feed/", path_of(number, 0), path_of(number, 1)):
                response = Client().get(path, headers={"host": host_of(number)})
                self.assertEqual(response.status_code, 200, path)
                self.assertEqual(set(NAME.findall(response.text)), {name_of(number)}, path)

    def test_an_entry_is_a_page_of_20_kilobytes(self) -> None:
        response = Client().get(path_of(MANY, 1), headers={"host": host_of(MANY)})
        self.assertTrue(17_000 < len(response.content) < 25_000, len(response.content))

    def test_all_that_is_compared_answers(self) -> None:
        client = facts.signed_in()
        for number, size in ((0, ENTRIES), (1, FEW)):
            for host, path in growth.pages(number, size).values():
                growth.get(client, host, path)

    def test_search_finds_them_by_the_words_of_their_bodies(self) -> None:
        entry = BlogIndexPage.objects.get(slug=name_of(2)).entries()[0]
        word = max(re.findall(r"[a-z]+", entry.excerpt), key=len)
        response = Client().get(f"/search/?q={word}", headers={"host": host_of(2)})
        self.assertIn(f"/{entry.slug}/", response.text)


def spike_with(polled: list, published: dict[int, float], **seen: object) -> Spike:
    return Spike(polled=[(POLLED[0], *each) for each in polled], published=published, **seen)


def test_a_page_superseded_for_too_long_is_a_fault() -> None:
    published = {1: 10.0, 2: 11.0}
    in_time = 11.0 + FRESH_WITHIN
    assert not spike_with([(10.5, 1), (in_time, 1), (12.5, 2)], published).faults()
    assert spike_with([(in_time + 0.1, 1)], published).faults()


def test_an_edition_before_its_publication_is_no_fault() -> None:
    assert not spike_with([(10.9, 2)], {1: 10.0, 2: 11.0}).faults()


@pytest.mark.parametrize("seen", [{"errors": ["x"]}, {"foreign": ["x"]}, {"renders": 9}])
def test_a_spike_must_not_see(seen: dict) -> None:
    assert spike_with([(10.5, 1)], {1: 10.0}, **seen).faults()


def test_of_a_hundred_answers_one_may_be_refused_where_that_is_allowed() -> None:
    seen = {"answers": 199, "refused": ["x"]}
    assert spike_with([(10.5, 1)], {1: 10.0}, **seen).faults()
    assert not spike_with([(10.5, 1)], {1: 10.0}, **seen).faults(refused=0.01)
    assert spike_with([(10.5, 1)], {1: 10.0}, **seen | {"refused": ["x"] * 2}).faults(refused=0.01)


def test_each_page_may_be_made_once_in_each_generation() -> None:
    pages = {(0, POLLED[0]), (0, "/other/"), (1, "/"), (2, "/")}
    spike = spike_with([(10.5, 1)], {1: 10.0}, asked=pages, generations=2, renders=14)
    assert spike.allowed_renders == 2 + 4 * 3
    assert not spike.faults()


def test_the_words_around_what_was_measured_stay(tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"Before\n{report.BEGIN}old{report.END}After\n")
    monkeypatch.setattr(report, "PAGE", page)
    for text in ("new", "newer"):
        report.write(text)
    assert page.read_text() == f"Before\n{report.BEGIN}\nnewer\n{report.END}After\n"


def test_a_table_is_in_line() -> None:
    told = report.table([["what", "ms"], ["a page", "12.5"]])
    assert told == "| what   |   ms |\n| ------ | ---: |\n| a page | 12.5 |\n"


@pytest.mark.only_on("full", "it has servers of its own.")
@pytest.mark.long
def test_a_short_spike_finds_nothing_wrong() -> None:
    command = [sys.executable, "tools/bench.py", "--short", "--only", "spike"]
    told = subprocess.run(
        command, capture_output=True, text=True, cwd=settings.BASE_DIR, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "published meanwhile" in told.stdout
