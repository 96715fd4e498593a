"""Words are found in whichever form they stand, by the rules of their weblog's language."""

from unicodedata import normalize

from django.test import TestCase
from django.utils.http import urlencode

from blog.factories import make_entry
from blog.indexing import AT_ONCE
from blog.models import BlogEntryPage
from home.models import HomePage
from jobs.worker import work_once
from pages.models import BasePage
from search.indexing import let_wait, waiting
from search.models import IndexedEntry, IndexedWord
from search.words import query_words, words
from tenancy.hosts import forget_hosts
from tenancy.provisioning import create_weblog
from tenancy.registration import make_site
from tenancy.testing import TwoWeblogs

# What stands in an entry, and what readers of that language may type for it.
FORMS = {
    "de": {"Die Häuser am See": "Haus Hauses hauser HÄUSER haeuser", "Straße": "strassen"},
    "en": {
        "She went running": "run runs RUNNING",
        "Two cafés": "cafe café",
        "naïve": "naive",
        "co\u00adoper\u00adation": "cooperation",
        "zero\u200bwidth": "zerowidth",
        "בְּרֵאשִׁית": "בראשית בְּרֵאשִׁית",
        "הארץ": "הָאָרֶץ",
        "الْعِلْمُ": "العلم",
        "كتـــاب": "كتاب",
    },
    "fr": {"Les élèves lisent": "élève eleve", "Mon cœur": "coeur cœurs", "L’été": "été ete"},
    "es": {"Una canción": "canciones cancion", "Un niño": "niños"},
    "ar": {"مَدْرَسَة كبيرة": "المدرسة مدرسة", "هذا كتاب": "الكتاب"},
    "ru": {"Ёлка и книги": "елка книга"},
    "tr": {"Işık": "ışık"},
    "ja": {"日本語の本": "日本 日本語 本"},
    "hi": {"हिन्दी की किताब": "हिन्दी"},
}
# What their readers would never take for the same.
OTHERS = {"es": ("Un ano", "año"), "sv": ("Har du tid", "hår"), "de": ("Die Hüte", "Haus")}


class Forms(TestCase):
    def test_a_word_is_found_in_each_of_its_forms(self) -> None:
        for language, texts in FORMS.items():
            for text, queries in texts.items():
                for query in queries.split():
                    found = set(query_words(query, language)) <= set(every_word(text, language))
                    self.assertTrue(found, f"{language}: {query} in {text}")

    def test_letters_of_their_own_are_no_accents(self) -> None:
        for language, (text, query) in OTHERS.items():
            found = set(query_words(query, language)) & set(every_word(text, language))
            self.assertFalse(found, f"{language}: {query} in {text}")

    def test_a_region_of_a_language_shares_its_rules(self) -> None:
        self.assertEqual(query_words("running", "en-gb"), ("run",))

    def test_what_has_no_letter_is_no_word(self) -> None:
        self.assertEqual(every_word("a \u00ad \u0301 \u05b0 b", "en"), ["a", "b"])


def every_word(text: str, language: str) -> list[str]:
    return [word for _, _, word in words(normalize("NFC", text), language)]


class InWeblogs(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.bob.language = "de"
        cls.bob.save()
        cls.house = make_entry(cls.bob, "Am Ufer", words="Zwei alte Häuser standen dort")
        cls.walk = make_entry(cls.amelie, "Morning", words="Running along the river")
        cls.die = make_entry(cls.amelie, "Flowers", words="They die in autumn")

    def found(self, query: str, host: str) -> set[str]:
        text = self.text("/search/?" + urlencode({"q": query}), host)
        titles = ("Am Ufer", "Morning", "Flowers", "Carol&#x27;s")
        text = text.replace("<mark>", "").replace("</mark>", "")
        return {title for title in titles if f">{title}" in text}

    def test_a_weblog_is_searched_in_its_language(self) -> None:
        self.assertEqual(self.found("Haus", "bob.localhost"), {"Am Ufer"})
        self.assertEqual(self.found("run", "amelie.localhost"), {"Morning"})
        self.assertEqual(self.found("Haus", "amelie.localhost"), set())

    def test_the_platform_finds_each_entry_in_its_own_language(self) -> None:
        self.assertEqual(self.found("Hauses", "localhost"), {"Am Ufer"})
        self.assertEqual(self.found("runs rivers", "localhost"), {"Morning"})
        self.assertEqual(self.found("runs Haus", "localhost"), set())

    def test_a_familys_domain_finds_its_own_weblogs_each_in_its_language(self) -> None:
        family = HomePage(title="The Smiths", slug="smiths")
        BasePage.get_first_root_node().add_child(instance=family)
        make_site("smiths.example", family)
        for name, language, text in (
            ("Carol", "de", "Unsere Häuser"),
            ("Dave", "fr", "Les chevaux"),
        ):
            weblog = create_weblog(name, slug=name.lower(), parent=family, language=language)
            make_entry(weblog, f"{name}'s", words=text)
        forget_hosts()
        self.assertEqual(self.found("Haus", "smiths.example"), {"Carol&#x27;s"})
        self.assertEqual(self.found("Haus", "localhost"), {"Carol&#x27;s", "Am Ufer"})

    def test_titles_come_before_summaries_and_these_before_bodies_then_the_newest(self) -> None:
        wanted = ["Both", "Title newer", "Title older", "Summary", "Often", "Once newer", "Once"]
        make_entry(self.amelie, "Once", words="kestrel")
        make_entry(self.amelie, "Once newer", words="kestrel")
        make_entry(self.amelie, "Often", words="kestrels kestrel kestrel")
        make_entry(self.amelie, "Summary", words="x", summary="A kestrel")
        make_entry(self.amelie, "Kestrel title older", words="x")
        make_entry(self.amelie, "Kestrel title newer", words="x")
        make_entry(self.amelie, "Kestrels both", words="kestrel")
        text = self.text("/search/?q=kestrel").lower()
        text = text.replace("<mark>", "").replace("</mark>", "").replace("kestrels ", "")
        text = text.replace("kestrel ", "")
        places = [text.index(f">{title.lower()}</a>") for title in wanted]
        self.assertEqual(places, sorted(places))

    def test_a_changed_language_is_followed_by_the_worker_some_entries_at_a_time(self) -> None:
        for _ in range(3):
            make_entry(self.amelie, words="Alte Häuser")
        self.amelie.language = "de"
        self.amelie.save()
        self.assertEqual(waiting().count(), 5)
        self.assertLessEqual(5, AT_ONCE)
        # Meanwhile words that have the same form in both are found.
        self.assertEqual(self.found("along", "amelie.localhost"), {"Morning"})
        work_once()
        self.assertEqual(waiting().count(), 0)
        self.assertIn("3 Einträge", self.text("/search/?q=Haus"))
        self.amelie.save()
        self.assertEqual(waiting().count(), 0)

    def test_only_what_lists_may_show_is_indexed(self) -> None:
        entry = make_entry(self.amelie, "Passing", words="zeppelin")
        rows = IndexedWord.objects.filter(entry=entry.pk, word="zeppelin")
        self.assertTrue(rows.exists())
        entry.unpublish()
        self.assertFalse(rows.exists())
        make_entry(self.amelie, "Draft", words="zeppelin", live=False)
        make_entry(self.amelie, "Private", words="zeppelin", visibility="private")
        make_entry(self.amelie, "Unlisted", words="zeppelin", visibility="unlisted")
        self.assertFalse(IndexedWord.objects.filter(word="zeppelin").exists())

    def test_an_entry_that_moves_is_found_where_it_went_alone(self) -> None:
        self.walk.move(self.bob, "last-child")
        self.assertEqual(self.found("river", "bob.localhost"), {"Morning"})
        self.assertEqual(self.found("river", "amelie.localhost"), set())

    def test_what_is_deleted_for_good_leaves_nothing(self) -> None:
        pk = self.house.pk
        self.house.delete()
        self.assertFalse(IndexedEntry.objects.filter(pk=pk).exists())
        self.assertFalse(IndexedWord.objects.filter(entry=pk).exists())

    def test_all_entries_can_be_indexed_anew_and_a_broken_one_holds_up_no_other(self) -> None:
        IndexedEntry.objects.all().delete()
        let_wait(BlogEntryPage.objects.filter(live=True))
        # A body that nothing can read; the newest comes first.
        BlogEntryPage.objects.filter(pk=self.die.pk).update(body='[{"type": "paragraph"}]')
        with self.assertLogs("blog.indexing", "ERROR"):
            work_once()
        self.assertEqual(waiting().count(), 0)
        self.assertEqual(self.found("Haus", "bob.localhost"), {"Am Ufer"})
        self.assertEqual(self.found("run", "amelie.localhost"), {"Morning"})
