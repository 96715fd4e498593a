"""What was chosen and isn't there is told, by every block that lets somebody choose."""

from unittest.mock import patch

from django.db.models import Manager
from django.test import SimpleTestCase
from wagtail.blocks import StreamBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock

from blog.blocks import BodyBlock
from blog.blocks.known import DOCUMENTS, KnownDocumentBlock
from blog.models import BlogEntryPage
from pages.checks import UNSCOPED, check_choosers, check_managers, choosers_in
from scope.managers import OfWeblogManager


class ShelfBlock(StructBlock):
    picture = ImageChooserBlock()


class Choosers(SimpleTestCase):
    def test_a_block_that_would_drop_a_choice_quietly_is_found_by_a_check(self) -> None:
        field = BlogEntryPage._meta.get_field("body")
        with patch.object(field, "stream_block", StreamBlock([("shelf", ShelfBlock())])):
            errors = check_choosers(None)
        self.assertEqual({error.id for error in errors}, {"pages.E001"})

    def test_the_check_looks_into_blocks_of_blocks(self) -> None:
        names = {block.name for block in choosers_in(BodyBlock())}
        self.assertEqual(names, {"image", "file", "captions"})

    def test_a_document_in_a_block_is_found_by_its_name(self) -> None:
        choosers = choosers_in(BodyBlock())
        names = {block.name for block in choosers if isinstance(block, KnownDocumentBlock)}
        where = "readers would not see it: add the name to blog.blocks.known.DOCUMENTS"
        self.assertEqual(names, DOCUMENTS, where)

    def test_a_model_that_offers_everybody_the_rows_of_all_weblogs_is_found_by_a_check(
        self,
    ) -> None:
        self.assertEqual(check_managers(None), [])
        with patch.object(OfWeblogManager, "get_queryset", Manager.get_queryset):
            found = {error.obj._meta.label for error in check_managers(None)}
        self.assertIn("blog.Category", found)
        with patch.dict(UNSCOPED, clear=True):
            found = {error.obj._meta.label for error in check_managers(None)}
        self.assertEqual(found, {"tenancy.Tenancy", "tenancy.HostAlias", "blog.RenderedBody",
                                 "demo.DemoWeblog"})  # fmt: skip
