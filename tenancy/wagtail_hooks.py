"""What tenancy adds to Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.log_actions import LogFormatter

from jobs.daily import once_a_day
from tenancy.accounts import DeleteUsers, change_users, delete_user, edit_user, name_of
from tenancy.domains import check_due
from tenancy.invitations import forget_old_invitations
from tenancy.many import OF_WAGTAIL
from tenancy.models import RoleName, State
from tenancy.moving import MoveDocuments, MovePictures
from tenancy.previews import forget_old_previews
from tenancy.storage import quota_in_words
from tenancy.views.address import AddressView
from tenancy.views.people import PeopleView
from tenancy.views.quota import QuotaView
from tenancy.views.users import AssignGroup
from tenancy.views.weblogs import NewWeblogView, StateView, WeblogsView
from users.forgetting import forget_failures, forget_sessions

if TYPE_CHECKING:
    from users.models import User

MOST_TO_CHOOSE = 100  # pages below one, of which a chooser offers the newest
# Wagtail makes the first letter of a sentence a capital, so that none begins with a name.
ACTIONS = {
    "weblog.role": (_("Change a role"), _("Made {person} {role}")),
    "weblog.person_removed": (_("Remove a person"), _("Removed {person}, who was {before}")),
    "weblog.invitation": (_("Invite"), _("Invited somebody as {role}")),
    "weblog.invitation_revoked": (_("Revoke an invitation"), _("Took an invitation back")),
    "weblog.removed": (_("Remove a weblog"), _("Removed for good; it lived at {address}")),
    "weblog.quota": (_("Change the storage"), _("Storage: {quota}")),
    "weblog.label_renamed": (_("Rename"), _("Renamed “{earlier}” to “{name}”")),
    "weblog.labels_put_together": (_("Put together"), _("Put “{earlier}” together with “{name}”")),
    "weblog.label_deleted": (_("Delete for good"), _("Removed “{removed}” for good")),
    "weblog.host": (_("Change the host"), _("Took the host {host}")),
    "weblog.host_added": (_("Add a host"), _("Now {host} leads here")),
    "weblog.host_removed": (_("Remove a host"), _("Removed {host}")),
    "weblog.domain_asked": (_("Ask for a domain"), _("Asked for {host}")),
    "weblog.domain_withdrawn": (_("Withdraw a domain"), _("Asked no longer for {host}")),
    "weblog.domain_proven": (_("Prove a domain"), _("The record of {host} was found")),
    "weblog.domain_lost": (_("Miss a domain's record"), _("The record of {host} is gone")),
    "weblog.domain_stopped": (_("Stop a domain"), _("Stopped serving {host}")),
}

OF_ROLES = ("role", "before")


@hooks.register("register_log_actions")
def name_what_happens_to_weblogs(actions: Any) -> None:
    for action, (label, sentence) in ACTIONS.items():
        actions.register_action(action)(_formatter(label, sentence))


@hooks.register("register_log_actions")
def name_what_is_decided_about_weblogs(actions: Any) -> None:
    actions.register_action("weblog.state")(StateFormatter)


class StateFormatter(LogFormatter):
    label = _("Change the state")

    def format_message(self, entry: Any) -> Any:
        before, state = State(entry.data["before"]).label, State(entry.data["state"]).label
        if reason := entry.data.get("reason"):
            words = _("From “{before}” to “{state}”. The reason given: “{reason}”")
            return format_lazy(words, before=before, state=state, reason=reason)
        return format_lazy(_("From “{before}” to “{state}”"), before=before, state=state)


def _formatter(label: Any, sentence: Any) -> type[LogFormatter]:
    def format_message(self: LogFormatter, entry: Any) -> Any:
        return format_lazy(sentence, **in_words(entry.data))

    return type("Formatter", (LogFormatter,), {"label": label, "format_message": format_message})


def in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was logged in the words of whoever reads it."""
    roles = {key: RoleName(data[key]).label for key in OF_ROLES if data.get(key) in RoleName}
    quota = {"quota": quota_in_words(data["bytes"])} if "bytes" in data else {}
    person = {"person": name_of(data["user"])} if "user" in data else {}
    return data | roles | quota | person


for act in OF_WAGTAIL:
    hooks.register("register_bulk_action", act, order=1)
hooks.register("register_bulk_action", MovePictures, order=1)
hooks.register("register_bulk_action", MoveDocuments, order=1)
hooks.register("register_bulk_action", AssignGroup, order=1)  # after Wagtail's own
hooks.register("register_bulk_action", DeleteUsers, order=1)
hooks.register("before_delete_user", delete_user)
hooks.register("before_edit_user", edit_user)
hooks.register("before_bulk_action", change_users)


@hooks.register("register_admin_urls")
def register_screens() -> list[URLPattern]:
    one = "weblogs/<int:weblog_id>/"
    return [
        path("weblogs/", WeblogsView.as_view(), name="weblogs"),
        path("weblogs/new/", NewWeblogView.as_view(), name="new_weblog"),
        path(f"{one}people/", PeopleView.as_view(), name="people"),
        path(f"{one}address/", AddressView.as_view(), name="address"),
        path(f"{one}quota/", QuotaView.as_view(), name="weblog_quota"),
        path(f"{one}state/<slug:state>/", StateView.as_view(), name="weblog_state"),
    ]


@hooks.register("register_account_menu_item")
def let_people_go(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("delete_account"),
        "label": _("Delete my account"),
        "help_text": _("What you wrote stays in its weblogs."),
    }


hooks.register("register_work", check_due)
hooks.register("register_work", forget_old_previews)
for work in (forget_failures, forget_old_invitations, forget_sessions):
    hooks.register("register_work", once_a_day(work))


@hooks.register("get_avatar_url")
def show_the_same_picture_of_everybody(user: User | None, size: int) -> str:
    """Name no file that somebody gave Wagtail for a picture of themselves: none is sent."""
    return versioned_static("wagtailadmin/images/default-user-avatar.png")


@hooks.register("insert_global_admin_js")
def start_what_is_told_in_data() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("tenancy/start.js"))


@hooks.register("register_admin_menu_item")
def lead_operators_to_all_weblogs() -> MenuItem:
    return OperatorsItem(_("Weblogs"), reverse_lazy("weblogs"), icon_name="list-ul", order=60)


class OperatorsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@hooks.register("construct_page_chooser_queryset")
def leave_out_the_trash(pages: QuerySet, request: HttpRequest) -> QuerySet:
    return pages.filter(trashed_at=None)


@hooks.register("construct_page_chooser_queryset")
def offer_the_newest(pages: Any, request: HttpRequest) -> QuerySet:
    """Offer no more than the newest pages below one: counting them all reads them all.

    The chooser's search finds the others. What each row shows is fetched for all of them.
    """
    pages = pages.annotate_approved_schedule().prefetch_workflow_states().prefetch_related("weblog")
    match = request.resolver_match
    if match is None or match.url_name == "wagtailadmin_choose_page_search":
        return pages
    pages = pages.order_by("-path")
    oldest = pages.values_list("path", flat=True)[MOST_TO_CHOOSE - 1 : MOST_TO_CHOOSE]
    return pages.filter(path__gte=oldest[0]) if oldest else pages


@hooks.register("construct_document_chooser_queryset")
def fetch_collections_too(documents: QuerySet, request: HttpRequest) -> QuerySet:
    """Fetch what each row names, for whoever has several collections."""
    return documents.select_related("collection")
