"""Parts of templates that are rendered once."""

from types import SimpleNamespace

from django.template import Context, Template
from django.test import RequestFactory, TestCase
from django.utils import timezone, translation

from pagecache.memory import forget_all

LINE = (
    "{% load pagecache %}"
    "{% TAG thing word %}a {{ word }} {{ when|date:'H' }} {% endTAG %}"
    "{% TAG thing %}b {{ other }}{% endTAG %}"
)


class Parts(TestCase):
    def setUp(self) -> None:
        forget_all()
        self.addCleanup(forget_all)

    def render(self, template: Template, fingerprint: str = "x", **values: object) -> str:
        thing = SimpleNamespace(pk=1, fingerprint=fingerprint)
        request = RequestFactory().get("/")
        return template.render(Context({"thing": thing, "request": request, **values}))

    def test_each_place_and_each_named_value_has_its_own(self) -> None:
        moment = timezone.datetime(2026, 1, 1, 12, tzinfo=timezone.get_default_timezone())
        for tag in ("lasting", "unchanged"):
            with self.subTest(tag), timezone.override("UTC"):
                template = Template(LINE.replace("TAG", tag))
                values = {"word": "one", "other": "seen", "when": moment}
                self.assertEqual(self.render(template, **values), "a one 12 b seen")
                values |= {"other": "unseen"}  # which nobody named
                self.assertEqual(self.render(template, **values), "a one 12 b seen")
                values |= {"word": "two"}
                self.assertEqual(self.render(template, **values), "a two 12 b seen")
                with timezone.override("Asia/Tokyo"), translation.override("en"):
                    self.assertEqual(self.render(template, **values), "a two 21 b unseen")

    def test_a_fingerprint_is_what_a_part_is_known_by(self) -> None:
        template = Template(LINE.replace("TAG", "unchanged"))
        self.assertEqual(self.render(template, other="then"), "a   b then")
        self.assertEqual(self.render(template, other="now"), "a   b then")
        self.assertEqual(self.render(template, "y", other="now"), "a   b now")
