"""The menu of a row in a list of pages is Wagtail's own, written faster."""

from typing import Any

from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, ButtonWithDropdownFromHook

from blog.factories import make_entry
from tenancy.testing import TwoWeblogs

OURS = ButtonWithDropdownFromHook.template_name
WAGTAILS = "wagtailadmin/shared/button_with_dropdown.html"  # which Wagtail's own extends


class MenusOfRows(TwoWeblogs):
    def assert_same(self, menu: Any) -> str:
        context = menu.get_context_data({})
        html = render_to_string(OURS, context)
        self.assertHTMLEqual(html, render_to_string(WAGTAILS, context))
        return html

    def test_offer_what_wagtail_offers(self) -> None:
        users = get_user_model().objects
        operator = users.create_superuser("op", "op@example.org", "x")
        entry = make_entry(self.amelie, "Words & pictures")
        draft = make_entry(self.amelie, "A draft", live=False)
        for person in (operator, users.get(email="amelie@example.org")):
            for page in (self.amelie, entry, draft):
                menu = ButtonWithDropdownFromHook(
                    "",
                    "register_page_listing_more_buttons",
                    page,
                    person,
                    next_url="/admin/?a=1&b=2",
                    icon_name="dots-horizontal",
                    classname="row",
                    attrs={"aria-label": _("More for “%s”") % page.title, "id": "menu"},
                )
                with self.subTest(person=person, page=page):
                    self.assertIn(f"/admin/pages/{page.pk}/history/", self.assert_same(menu))

    def test_write_every_kind_of_button(self) -> None:
        buttons = [
            Button("<Say>", "/a/?b&c", "quiet", "edit", {"rel": "nofollow", "data-x": '"'}, 1),
            Button(_("Edit"), priority=2),
            Button("Do", icon_name="cog", attrs={"hidden": True}, priority=3),
            ButtonWithDropdown("More", buttons=[Button("Deeper", "/d/")], priority=4),
        ]
        self.assert_same(ButtonWithDropdown("Things", buttons=buttons))
