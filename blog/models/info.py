"""A page that stands outside of time: about, contact, colophon."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, PublishingPanel, TitleFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.search import index

from blog.blocks import BodyBlock
from blog.editing.panel import WritingPanel
from blog.fields import AddressedStreamField
from blog.forms import UnderATitle
from blog.slugs import UnreservedSlug
from blog.stored import attach_bodies
from pages.models import BasePage


class InfoPage(UnreservedSlug, BasePage):
    parent_page_types = ["home.HomePage", "blog.BlogIndexPage", "blog.InfoPage"]
    subpage_types = ["blog.InfoPage"]
    base_form_class = UnderATitle

    eager = ("weblog", "rendered")
    late = ("rendered__feed_html", "rendered__sound")

    body: Any = AddressedStreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        TitleFieldPanel("title", placeholder=_("Title"), widget=AdminAutoHeightTextInput),
        FieldPanel("body"),
        WritingPanel(),
    ]
    settings_panels = [PublishingPanel(), CommentPanel()]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("info page")
        verbose_name_plural = _("info pages")

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        weblog = self.get_weblog()
        return weblog.look.theme.templates("info_page.html") if weblog else self.template

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        attach_bodies([self], request)
        return context
