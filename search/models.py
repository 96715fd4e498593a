"""What entries are found by: a row for each that readers may see, and one for each of its words.

These are plain tables with plain indexes, so that SQLite and PostgreSQL give the same answers, each
entry is matched in its own language, and the best matches of a word lie together, best first.
"""

from django.db import models
from django.db.models import CompositePrimaryKey, F, Index

from scope.managers import OfWeblogManager
from search.words import LONGEST_WORD


class IndexedEntry(models.Model):
    """An entry that can be found; ``language`` is empty while its words wait to be written."""

    entry = models.OneToOneField(
        "pages.BasePage", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    weblog = models.ForeignKey(
        "pages.BasePage", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    language = models.CharField(max_length=12, blank=True)
    text = models.TextField(blank=True, help_text="The plain words of the body, for snippets.")

    objects = OfWeblogManager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name_plural = "indexed entries"
        indexes = [
            Index("weblog", "language", name="search_entry_language"),
            Index("entry", name="search_entry_waiting", condition=models.Q(language="")),
        ]

    def __str__(self) -> str:
        return f"{self.entry} ({self.language or 'waiting'})"


class IndexedWord(models.Model):
    """A word of an entry, as `search.words` brings it into form; a greater weight comes first."""

    pk = CompositePrimaryKey("entry_id", "word")
    entry = models.ForeignKey(
        IndexedEntry, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    weblog = models.ForeignKey(
        "pages.BasePage", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    word = models.CharField(max_length=LONGEST_WORD)
    weight = models.PositiveSmallIntegerField()
    date = models.DateTimeField(help_text="The entry's.")

    objects = OfWeblogManager()
    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            Index(
                "weblog", "word", F("weight").desc(), F("date").desc(), F("entry").desc(),
                name="search_word_in_weblog",
            ),
            Index(
                "word", F("weight").desc(), F("date").desc(), F("entry").desc(),
                name="search_word_anywhere",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.word
