"""The menu of a row in a list of pages is Wagtail's own, written faster."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, ButtonWithDropdownFromHook

from blog.factories import make_entry, make_picture
from tenancy.people import set_role
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

    def test_what_is_done_to_many_is_offered_to_whom_it_is_of_use(self) -> None:
        users = get_user_model().objects
        people = {name: users.create_user(name) for name in ("editor", "contributor")}
        for name, person in people.items():
            set_role(self.amelie.tenancy, person, name)
        people["operator"] = users.create_superuser("op", "op@example.org", "x")
        entry = make_entry(self.amelie, "Words")
        make_picture(self.amelie)
        here, home = f"pages/{self.amelie.pk}/", f"pages/{self.home.pk}/"
        for name, listed, acts in (
            ("contributor", here, {"delete"}),
            ("editor", here, {"delete", "publish", "unpublish"}),
            ("operator", here, {"delete", "publish", "unpublish"}),
            ("operator", home, {"move", "delete", "publish", "unpublish"}),
            ("editor", f"{here}?show=pages", {"move", "delete", "publish", "unpublish"}),
            ("editor", "pages/search/?q=words", {"delete", "publish", "unpublish"}),
            ("editor", "images/", {"add_tags", "delete"}),
            ("operator", "images/", {"add_tags", "delete", "add_to_collection"}),
        ):
            client = Client(headers={"host": "localhost"})
            client.force_login(people[name])
            html = client.get(f"/admin/{listed}").content.decode()
            offered = set(re.findall(r'"/admin/bulk/[a-z]+/[a-z]+/([a-z_]+)/"', html))
            self.assertEqual(offered, acts, (name, listed))
            self.assertNotIn(f"/admin/pages/{entry.pk}/move/", html)

    def test_lead_nowhere_that_is_refused(self) -> None:
        author = get_user_model().objects.create_user("author")
        set_role(self.amelie.tenancy, author, "author")
        own = make_entry(self.amelie, "Her draft", live=False, owner=author)
        others = make_entry(self.amelie, "Another's draft", live=False)
        client = Client(headers={"host": "localhost"})
        client.force_login(author)
        for listed in (f"{self.amelie.pk}/", "search/?q=draft"):
            html = client.get(f"/admin/pages/{listed}").content.decode()
            for act in ("view_draft", "history"):
                self.assertIn(f'"/admin/pages/{own.pk}/{act}/"', html, listed)
                self.assertNotIn(f'"/admin/pages/{others.pk}/{act}/"', html, listed)
            self.assertNotIn(f"/admin/pages/{self.amelie.pk}/usage/", html)

    def test_of_many_that_are_published_those_with_a_time_are_told_apart(self) -> None:
        at = timezone.now() + timedelta(days=9)
        entries = [make_entry(self.amelie, f"Draft {number}", live=False) for number in range(2)]
        entries.append(make_entry(self.amelie, "Later", live=False, go_live_at=at))
        client = Client(headers={"host": "localhost"})
        client.force_login(get_user_model().objects.get(email="amelie@example.org"))
        asked = "&".join(f"id={entry.pk}" for entry in entries)
        here = f"/admin/pages/{self.amelie.pk}/"
        address = f"/admin/bulk/pages/basepage/publish/?{asked}&next={here}"
        answer = client.post(address, {"include_descendants": ""}, follow=True)
        self.assertContains(answer, "2 pages have been published. 1 page will appear at its")

    def test_write_every_kind_of_button(self) -> None:
        buttons = [
            Button("<Say>", "/a/?b&c", "quiet", "edit", {"rel": "nofollow", "data-x": '"'}, 1),
            Button(_("Edit"), priority=2),
            Button("Do", icon_name="cog", attrs={"hidden": True}, priority=3),
            ButtonWithDropdown("More", buttons=[Button("Deeper", "/d/")], priority=4),
        ]
        self.assert_same(ButtonWithDropdown("Things", buttons=buttons))
