"""What readers of a list wait for is the first picture that it shows."""

import re

from blog.factories import make_entry, make_picture
from tenancy.testing import TwoWeblogs

CARD = re.compile(r'<article class="card.*?</article>', re.S)


class FirstPicture(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.amelie.theme = "magazine"
        cls.amelie.save()
        for number in range(11):
            cover = make_picture(cls.amelie, f"Cover {number}") if number % 3 == 0 else None
            make_entry(cls.amelie, f"Entry {number}", cover=cover, cover_alt='loading="lazy"')

    def cards(self, path: str) -> dict[str, str]:
        """Return the cards that have a picture, and how it is loaded."""
        shown = {}
        for card in CARD.findall(self.text(path)):
            for attribute in re.findall(r'(fetchpriority="\w+"|loading="\w+") decoding', card):
                shown[re.findall(r">(Entry \d+)<", card)[0]] = attribute
        return shown

    def test_it_is_loaded_at_once_and_no_other_is(self) -> None:
        late, at_once = 'loading="lazy"', 'fetchpriority="high"'
        expected = {"Entry 9": at_once, "Entry 6": late, "Entry 3": late}
        for _ in range(2):  # the cards are remembered
            self.assertEqual(self.cards("/"), expected)
        self.assertEqual(self.cards("/?page=2"), {"Entry 0": at_once})

    def test_a_damaged_one_is_none(self) -> None:
        newest = make_picture(self.amelie, "Damaged")
        make_entry(self.amelie, "Entry 11", cover=newest)
        newest.file.storage.delete(newest.file.name)
        self.assertEqual(self.cards("/")["Entry 9"], 'fetchpriority="high"')
        self.assertNotIn("Entry 11", self.cards("/"))

    def test_the_big_one_is_if_it_is_the_first(self) -> None:
        make_entry(self.amelie, "Entry 11", cover=make_picture(self.amelie, "Big"))
        self.assertIn("card--lead", self.text("/"))
        loaded = [title for title, how in self.cards("/").items() if "high" in how]
        self.assertEqual(loaded, ["Entry 11"])

    def test_where_lists_show_no_covers_nothing_is(self) -> None:
        self.amelie.theme = "literary"
        self.amelie.save_revision().publish()
        self.assertEqual(self.cards("/"), {})
