"""What writers see of Wagtail: what they need."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.viewsets.pages import PageViewSet

from blog.content_checks import MESSAGES, RULES
from blog.listings import LABELS
from desk.entries import EntryViewSet, OtherPagesViewSet
from desk.labels import DeleteLabelView, LabelsView, LabelView
from desk.panels import WritePanel
from desk.states import tell_of_state
from desk.today import TodayPanel
from desk.weblogs import weblogs_to_write_in
from pages.models import BasePage
from pages.permissions import READ_ONLY

OF_WRITERS = {"images", "documents"}  # what stays of Wagtail's own menu
MOST_IN_MENU = 5
OF_REVIEWS = {"action-submit", "action-restart-workflow"}


@hooks.register("register_admin_viewset")
def list_entries_for_writers() -> list[PageViewSet]:
    return [EntryViewSet("entries"), OtherPagesViewSet("other_pages")]


@hooks.register("register_admin_urls")
def register_labels() -> list[URLPattern]:
    urls = []
    for kind in LABELS:
        of_all = f"weblogs/<int:weblog_id>/{kind}s/"
        one = f"{of_all}<int:{kind}_id>/"
        urls += [
            path(of_all, LabelsView.as_view(kind=kind), name=f"{kind}s"),
            path(one, LabelView.as_view(kind=kind), name=kind),
            path(f"{one}delete/", DeleteLabelView.as_view(kind=kind), name=f"delete_{kind}"),
        ]
    return urls


@hooks.register("construct_homepage_panels")
def put_writing_first(request: HttpRequest, panels: list) -> None:
    """Leave out Wagtail's panels: they know all of the installation's people and pages."""
    panels[:] = [panel for panel in panels if not type(panel).__module__.startswith("wagtail")]
    panels.append(WritePanel())
    if request.user.is_superuser:
        panels.append(TodayPanel())


@hooks.register("construct_homepage_summary_items")
def count_nothing_of_others(request: HttpRequest, items: list) -> None:
    items.clear()


@hooks.register("construct_main_menu")
def lead_to_the_own_weblogs(request: HttpRequest, items: list[MenuItem]) -> None:
    if request.user.is_superuser:
        return
    items[:] = [item for item in items if item.name in OF_WRITERS]
    roles = request.user.memberships.values()  # type: ignore[union-attr]
    weblogs: list = []
    if there_are_few := sum(role.state not in READ_ONLY for role in roles) <= MOST_IN_MENU:
        open_ones = weblogs_to_write_in(request.user).exclude(tenancy__state__in=READ_ONLY)
        weblogs = list(open_ones[: MOST_IN_MENU + 1])
    if not there_are_few or len(weblogs) > MOST_IN_MENU:
        items.append(
            MenuItem(_("Weblogs"), reverse("wagtailadmin_home"), "weblogs", "", "list-ul", order=50)
        )
        return
    if len(weblogs) == 1:
        url = reverse("wagtailadmin_pages:add", args=["blog", "blogentrypage", weblogs[0].pk])
        items.append(MenuItem(_("Write"), url, "write", "", "edit", order=10))
    for place, weblog in enumerate(weblogs):
        url = reverse("wagtailadmin_explore", args=[weblog.pk])
        name = f"weblog-{weblog.pk}"
        items.append(MenuItem(weblog.title, url, name, "", "list-ul", order=50 + place))


@hooks.register("construct_page_listing_buttons")
def lead_to_no_draft_that_cannot_be_opened(
    buttons: list, page: Any, user: Any, context: Any = None
) -> None:
    """Take *View draft* out of the menu of a row, as its view refuses those who may not write."""
    rights = page.permissions_for_user(user)
    if rights.can_edit() or rights.can_publish():
        return
    draft = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    for menu in buttons:
        menu.dropdown_buttons[:] = [each for each in menu.dropdown_buttons if each.url != draft]
    buttons[:] = [menu for menu in buttons if menu.show]


class WritersChecks(ContentCheckerItem):
    def get_axe_spec(self, request: HttpRequest) -> dict[str, Any]:
        """Let the checks hear of the preview, whose origin is its weblog's, or none at all."""
        return super().get_axe_spec(request) | {"allowedOrigins": ["<unsafe_all_origins>"]}

    axe_run_only = [*ContentCheckerItem.axe_run_only, *MESSAGES]
    axe_custom_rules = [*ContentCheckerItem.axe_custom_rules, *RULES]
    axe_messages = ContentCheckerItem.axe_messages | MESSAGES


@hooks.register("construct_wagtail_userbar")
def check_what_only_we_know(request: HttpRequest, items: list, page: Any) -> None:
    items[:] = [
        WritersChecks(item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


@hooks.register("construct_page_action_menu")
def publish_first(items: list, request: HttpRequest, context: dict[str, Any]) -> None:
    """Drafts save themselves: the button that is always in sight publishes, approves or submits."""
    page = context.get("page") or context.get("parent_page")
    if isinstance(page, BasePage):
        if page.is_weblog and context["view"] != "create":
            # Whoever may change a weblog's settings may publish them: nobody reviews them.
            items[:] = [item for item in items if item.name not in OF_REVIEWS]
        taking_back = [item for item in items if item.name == "action-cancel-workflow"]
        if taking_back and page.current_workflow_state.requested_by_id not in (
            None,
            request.user.pk,
        ):
            # Editors answer what was sent in; only who sent it takes it back.
            items.remove(*taking_back)
        in_sight = ["approve", "reject", "action-publish", "action-submit"]
        ranks = {name: rank for rank, name in enumerate(in_sight)}
        items.sort(key=lambda item: ranks.get(item.name, len(ranks)))


hooks.register("before_create_page", tell_of_state)
hooks.register("before_edit_page", tell_of_state)


@hooks.register("insert_editor_js")
def publish_by_a_chord() -> SafeString:
    return format_html(
        '<script type="module" src="{}" data-hint="{}"></script>',
        static("desk/publish.js"),
        _("Ctrl+Enter or ⌘+Enter"),
    )


@hooks.register("insert_editor_js")
def keep_calendars_out_of_the_way() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("desk/calendar.js"))


@hooks.register("insert_global_admin_js")
def name_what_has_no_label() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("desk/names.js"))


@hooks.register("insert_global_admin_js")
def send_forms_once() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("desk/once.js"))


@hooks.register("insert_global_admin_css")
def wear_the_platforms_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/admin.css"))
