"""What entries are filed under. Two weblogs can both have "Life" and know nothing of each other."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Self
from zlib import crc32

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from scope.managers import OfWeblogManager

LONGEST_NAME = 100


class Label(models.Model):
    """A name with a slug, unique in its weblog."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    slug = models.SlugField(_("slug"), max_length=LONGEST_NAME, allow_unicode=True, blank=True)

    objects = OfWeblogManager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(
        cls, weblog: models.Model, names: Iterable[str], known: Iterable[models.Model] = ()
    ) -> list[Self]:
        """Return the weblog's labels of these names in their order, making those that it lacks.

        Names that differ in case or punctuation alone are one label ("Life", "life"). One that was
        put together with another stands for that: forms that were open meanwhile bring its name.

        Args:
            known: labels that are still meant by the names that they had earlier.
        """
        names = [name for name in map(cleaned, names) if name]
        slugs = {name: cls.slug_for(name) for name in names}
        meant = models.Q(name__in=slugs) | models.Q(slug__in=slugs.values())
        stored = list(cls.objects.filter(meant, weblog_id=weblog.pk)) if names else []
        by_name = {label.name: label for label in stored}
        by_slug = {label.slug: label for label in stored}
        if lacking := {slugs[name] for name in slugs.keys() - by_name.keys()} - by_slug.keys():
            typed = [*by_name.values(), *by_slug.values()]
            by_slug |= EarlierSlug.by_now(cls, weblog, lacking, known, but=typed)
        found = []
        for name, slug in slugs.items():
            # By its name first: its slug may be one that somebody chose, or an earlier rule.
            label = by_name.get(name) or by_slug.get(slug)
            if label is None:
                label, _is_new = cls.objects.get_or_create(
                    weblog_id=weblog.pk, slug=slug, defaults={"name": name}
                )
                by_slug[slug] = label
            found.append(label)
        return list(dict.fromkeys(found))

    @classmethod
    def called(cls, weblog: models.Model, name: str) -> str:
        """Return what the label is called now that had a name, unless one has it still."""
        spelt = cls.slug_for(name)
        has_it = models.Q(name=name) | models.Q(slug=spelt)
        own = cls.objects.filter(weblog_id=weblog.pk)
        if own.filter(has_it).exists():
            return name
        return str(EarlierSlug.by_now(cls, weblog, [spelt], own).get(spelt, name))

    @staticmethod
    def slug_for(name: str) -> str:
        """Return the slug of a name; one without any letter (an emoji) keeps its code points.

        A slug can't have vowel signs and tones, which tell words apart (दिन, दान): a checksum
        stands for them.
        """
        spelt = name.replace("+", " plus ").replace("#", " sharp ").replace(".", "-")
        slug = slugify(spelt, allow_unicode=True).strip("-_")
        if not slug:
            return "-".join(f"{ord(character):x}" for character in name)[:LONGEST_NAME]
        composed = unicodedata.normalize("NFKC", name)
        if any(map(is_sign, composed)):
            word = "".join(c for c in composed.lower() if c.isalnum() or is_sign(c))
            slug = f"{slug[: LONGEST_NAME - 9]}-{crc32(word.encode()):08x}"
        return slug[:LONGEST_NAME]


def cleaned(name: str) -> str:
    """Return a name as it is stored, its accents upon their letters.

    Forms enclose names in straight quotation marks; those of a name itself are typographic.
    """
    name = unicodedata.normalize("NFC", str(name).replace("\0", ""))
    name = re.sub(r'\B"\b', "“", name).replace('"', "”")
    return " ".join(name.split())[:LONGEST_NAME]


def is_sign(character: str) -> bool:
    """Tell what is written upon or beside a letter from letters, and from how an emoji looks."""
    is_mark = unicodedata.category(character) in ("Mn", "Mc")
    return is_mark and not "\ufe00" <= character <= "\ufe0f"


class Tag(Label):
    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")

    class Meta(Label.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["weblog", "slug"], name="tag_once")]


class Category(Label):
    # A category is part of its weblog's form and of its revisions.
    weblog = ParentalKey("blog.BlogIndexPage", on_delete=models.CASCADE, related_name="categories")
    # A slug, not a key: it can't point into another weblog, and both may be new in one form.
    parent = models.SlugField(
        _("belongs under"),
        max_length=LONGEST_NAME,
        allow_unicode=True,
        blank=True,
        help_text=_("The slug of another category of this weblog; empty at the top."),
    )

    class Meta(Label.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["weblog", "slug"], name="category_once")]

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or self.slug_for(self.name)
        super().save(*args, **kwargs)

    def full_clean(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or self.slug_for(self.name)
        super().full_clean(*args, **kwargs)

    @classmethod
    def let_go(cls, weblog: models.Model) -> None:
        """Let the slugs go that the weblog's categories are about to change, and note them.

        Rows are saved one after another, and one may take the slug that a later one still has.
        """
        slugs = {each.pk: each.slug or cls.slug_for(each.name) for each in weblog.categories.all()}
        stored = cls.objects.filter(pk__in=filter(None, slugs))
        changed = [category for category in stored if category.slug != slugs[category.pk]]
        for category in changed:
            EarlierSlug.leave(category, category.slug, category.name)
            cls.objects.filter(pk=category.pk).update(slug=f"~{category.pk}")


class Author(Label):
    """Somebody who wrote: a person with an account, or only a name that an import brought."""

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(Label.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [models.UniqueConstraint(fields=["weblog", "slug"], name="author_once")]


class EarlierSlug(models.Model):
    """The slug that a label had, by which links and readers' feeds still ask for it.

    And the name, which open forms and files that are imported again still say.
    """

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    # One of the three.
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Author, null=True, on_delete=models.CASCADE, related_name="+")
    # Empty where it is the same still.
    slug = models.SlugField(max_length=LONGEST_NAME, allow_unicode=True, blank=True, db_index=False)
    # What `slug_for` makes of the name, in which case and punctuation make no difference.
    spelt = models.SlugField(
        max_length=LONGEST_NAME, allow_unicode=True, blank=True, db_index=False
    )
    # The id of a label that was put together with this one: versions of entries still name it.
    was = models.PositiveBigIntegerField(null=True)

    objects = OfWeblogManager()

    class Meta:
        indexes = [models.Index(fields=["weblog", "slug"], name="earlier_slug")]

    def __str__(self) -> str:
        return self.slug

    @classmethod
    def leave(cls, label: Label, slug: str, name: str, was: int | None = None) -> None:
        """Make a slug lead to a label, and a name mean it; of several that had it the latest."""
        of = {"weblog_id": label.weblog_id, label._meta.model_name: label}
        cls.objects.create(slug=slug, spelt=label.slug_for(name), was=was, **of)

    @classmethod
    def by_now(
        cls,
        model: type[Label],
        weblog: models.Model,
        spelt: Iterable[str],
        known: Iterable[models.Model],
        but: Iterable[models.Model] = (),
    ) -> dict[str, Any]:
        """Return, by names so spelt, the labels that those that had them were put together with.

        Also the ``known`` ones that had them themselves, ``but`` those that are meant anyway.
        """
        kind = str(model._meta.model_name)
        is_known = models.Q(**{f"{kind}__in": known}) & ~models.Q(**{f"{kind}__in": but})
        is_meant = models.Q(was__isnull=False) | is_known
        left = cls.objects.filter(is_meant, weblog_id=weblog.pk, spelt__in=spelt)
        left = left.exclude(**{kind: None}).select_related(kind).order_by("pk")
        return {earlier.spelt: getattr(earlier, kind) for earlier in left}
