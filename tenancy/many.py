"""What is done to many rows at once: as much as an answer bears, offered to whom it is of use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.views.pages.bulk_actions import (
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.documents.views.bulk_actions import AddTagsBulkAction as TagWagtailsDocuments
from wagtail.images.views.bulk_actions import AddTagsBulkAction as TagWagtailsImages
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction

from blog.models import BlogEntryPage, InfoPage
from pages.models import BasePage
from search.pages import MOST_FOUND, with_words
from tenancy.models import RoleName, Tenancy

MOST_AT_ONCE = 300
ID = re.compile("[0-9]{1,18}")
# What an address says of "all" that Wagtail heeds, or that leaves the rows the same.
HEEDED = {"id", "childOf", "next", "q", "p", "ordering", "show", "collection_id"}


class AtOnce:
    """Mixed into Wagtail's acts on many rows, which take as many as there are."""

    next_url: str

    @classmethod
    def is_offered(cls, context: Mapping[str, Any]) -> bool:
        """Tell whether a list, by its template's context, has a button for the act."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked: Any = request.GET.getlist("id")
        named = [*asked, request.GET.get("childOf", "all")]
        if not all(name == "all" or ID.fullmatch(name) for name in named):
            raise Http404("No row has such an id.")
        if "all" in asked and any(request.GET[name] for name in request.GET.keys() - HEEDED):
            words = _("Nothing was changed: a filter stands above the list, and “all” would be "
                      "more than it shows. Select the rows themselves.")  # fmt: skip
            return self._refused(request, words)
        if "all" in asked:
            place = request.GET.get("childOf")
            try:
                asked = self.get_all_objects_in_listing_query(place)  # type: ignore[attr-defined]
            except ObjectDoesNotExist as error:
                raise Http404("There is no such list.") from error
        if len(asked[: MOST_AT_ONCE + 1]) > MOST_AT_ONCE:
            words = _("Nothing was changed: these are more than %d, the most that can be changed "
                      "at once. Select fewer of them, or search for some first.")  # fmt: skip
            return self._refused(request, words % MOST_AT_ONCE)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def _refused(self, request: HttpRequest, words: str) -> HttpResponse:
        messages.error(request, words)
        is_way_back = self.next_url != request.path
        return redirect(self.next_url if is_way_back else "wagtailadmin_home")


class ManyPages(AtOnce):
    request: HttpRequest

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> Any:
        """Return what the list shows: of a weblog its entries, or its pages; none in the trash."""
        words = self.request.GET.get("q")
        if parent_id is not None and Tenancy.objects.filter(weblog=int(parent_id)).exists():
            shows_pages = self.request.GET.get("show") == "pages"
            model = InfoPage if shows_pages else BlogEntryPage
            pages = model.objects.child_of(BasePage.objects.get(pk=parent_id))
            pages = pages.filter(trashed_at=None)
            if words:
                pages = with_words(words, pages, self.request.user)  # type: ignore[arg-type]
        else:
            listed = super().get_all_objects_in_listing_query(parent_id)  # type: ignore[misc]
            listed = listed[:MOST_FOUND] if words else listed
            pages = BasePage.objects.filter(pk__in=listed, trashed_at=None)
        return pages.values_list("pk", flat=True)


class ManyFiles(AtOnce):
    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Any]:
        """Fetch what the rights of each file are looked up by."""
        rows = model.objects.select_related("collection", "uploaded_by_user")
        return get_list_or_404(rows, pk__in=object_ids)


class MovePages(ManyPages, MoveBulkAction):
    @classmethod
    def is_offered(cls, context: Mapping[str, Any]) -> bool:
        if getattr(context.get("view"), "lists_entries", False):
            return False  # they stay
        # What a search finds are entries, too, in whichever weblogs.
        return context["request"].user.is_superuser or "parent_page" in context


class OfPublishers(ManyPages):
    @classmethod
    def is_offered(cls, context: Mapping[str, Any]) -> bool:
        user, place = context["request"].user, context.get("parent_page")
        memberships = user.memberships
        here = memberships.get(place.weblog_id) if place else None
        roles = {role.role for role in ([here] if here else memberships.values())}
        return user.is_superuser or roles != {RoleName.CONTRIBUTOR}


class PublishPages(OfPublishers, PublishBulkAction):
    actionable_objects: list[BasePage]

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Count apart what has a time of its own, at which it will appear."""
        pages = BasePage.objects.filter(pk__in=[page.pk for page in self.actionable_objects])
        later = pages.annotate_approved_schedule().filter(_approved_schedule=True).count()
        now = num_parent_objects - later
        said = []
        if now or num_child_objects:
            said.append(super().get_success_message(now, num_child_objects))
        if later:
            words = ngettext("%d page will appear at its scheduled time",
                             "%d pages will appear at their scheduled times", later)  # fmt: skip
            said.append(words % later)
        return ". ".join(said)


class UnpublishPages(OfPublishers, UnpublishBulkAction):
    pass


class TagPictures(ManyFiles, TagWagtailsImages):
    pass


class TagDocuments(ManyFiles, TagWagtailsDocuments):
    pass


class OpenOrCloseAccounts(AtOnce, SetActiveStateBulkAction):
    pass


OF_WAGTAIL = (
    *(MovePages, PublishPages, UnpublishPages),
    *(TagPictures, TagDocuments, OpenOrCloseAccounts),
)
