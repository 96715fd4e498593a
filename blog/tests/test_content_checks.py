"""What a writer should look at again is marked in the preview, and there alone."""

import re

from blog.blocks import BodyBlock
from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage
from tenancy.testing import TwoWeblogs


class ContentChecks(TwoWeblogs):
    def marks(self, *blocks: tuple) -> list[str]:
        body = BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks])
        entry = make_entry(self.amelie, body=body)
        self.assertNotIn("data-check", self.text(f"/{entry.slug}/"))
        page = BlogEntryPage.objects.get(pk=entry.pk)
        return re.findall(r'data-check="([^"]+)"', page.make_preview_request().content.decode())

    def test_links_that_lead_nowhere_or_say_nothing(self) -> None:
        draft = make_entry(self.amelie, "Draft", live=False)
        live = make_entry(self.amelie, "Live")
        link = '<a href="https://example.org/">{}</a>'
        for words, expected in (
            (link.format("Click here"), ["vague-link"]),
            (link.format("<b>Hier</b>."), ["vague-link"]),
            (link.format("The history of bread"), []),
            (f'<a linktype="page" id="{draft.pk}">The draft</a>', ["dead-link"]),
            (f'<a linktype="page" id="{live.pk}">The other</a>', []),
            ('<a linktype="page" id="999999">Gone</a>', ["dead-link"]),
        ):
            self.assertEqual(self.marks(("paragraph", f"<p>{words}</p>")), expected, words)

    def test_pictures_without_words_and_large_ones(self) -> None:
        picture = make_picture(self.amelie)
        large = make_picture(self.amelie, "Large")
        type(large).objects.filter(pk=large.pk).update(file_size=3 * 2**20)
        for pk, alt, decorative, expected in (
            (picture.pk, "", False, ["no-alt"]),
            (picture.pk, "", True, []),
            (picture.pk, "A field", False, []),
            (large.pk, "", False, ["large-picture no-alt"]),
        ):
            image = {"image": pk, "alt_text": alt, "decorative": decorative}
            self.assertEqual(self.marks(("picture", {"image": image, "caption": ""})), expected)
