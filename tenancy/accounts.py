"""Closing accounts: no weblog loses its last owner that way, nor words that somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Comment, CommentReply
from wagtail.users.views.bulk_actions import DeleteBulkAction as DeleteWagtailsUsers

from blog.models import BlogEntryPage
from tenancy.many import AtOnce
from tenancy.models import RoleName, State, Tenancy
from tenancy.people import PeopleError, remove

if TYPE_CHECKING:
    from users.models import User

MOST_NAMED = 5  # weblogs in a sentence
GONE = "(gone)"  # which nobody can have chosen as a user name


def without_owner(but: Sequence[User] = ()) -> QuerySet[Tenancy]:
    """Return the weblogs without an owner who could sign in, apart from some people.

    Those in the trash need none.
    """
    owners = get_user_model()._base_manager.filter(
        groups__role__tenancy=OuterRef("pk"), groups__role__name=RoleName.OWNER, is_active=True
    )
    # Joined to them, the database would read all weblogs for the titles of the few that are found.
    weblogs = Tenancy.objects.exclude(state=State.TRASHED).prefetch_related("weblog")
    others = owners.exclude(pk__in=[user.pk for user in but])
    return weblogs.filter(~Exists(others)).order_by("pk")


def refuse(request: HttpRequest, users: Sequence[User]) -> bool:
    """Say which weblogs would be left without an owner, if any would."""
    owned = {"roles__name": RoleName.OWNER, "roles__group__user__in": users}
    weblogs = without_owner(but=users).filter(**owned).distinct()
    titles = [str(tenancy) for tenancy in weblogs[: MOST_NAMED + 1]]
    if titles:
        named = ", ".join(_("“%s”") % title for title in titles[:MOST_NAMED])
        named += ", …" * (len(titles) > MOST_NAMED)
        words = _("Nothing was changed. Make somebody else an owner of %s first, under “People”.")
        messages.error(request, words % named)
    return bool(titles)


def entries_of(users: Sequence[User]) -> int:
    return BlogEntryPage._base_manager.filter(owner__in=users).count()


def name_of(pk: int | None) -> str:
    """Return what colleagues call somebody whose id was logged; None of long-deleted accounts."""
    user = get_user_model()._base_manager.filter(pk=pk).first() if pk else None
    return user.get_full_name() if user else _("Somebody who left")


def keep_comments(users: Sequence[User]) -> None:
    """Leave what people wrote in comments, since the replies of others would go with them.

    Each belongs to somebody: from now on to a closed account that stands for whoever has left.
    """
    name = {"first_name": _("Somebody who left"), "is_active": False, "password": "!"}
    left = get_user_model()._base_manager.get_or_create(username=GONE, defaults=name)[0]
    for model in (Comment, CommentReply):
        model.objects.filter(user__in=users).update(user=left)


@transaction.atomic
def delete_own(user: User) -> None:
    """Delete the account of somebody who wishes it, who leaves their weblogs first.

    Raises:
        PeopleError: a weblog would have no owner or the platform no operator; nothing was changed.
    """
    operators = get_user_model()._base_manager.filter(is_superuser=True, is_active=True)
    if user.is_superuser and not operators.exclude(pk=user.pk).exists():
        raise PeopleError(_("You are the only operator. Make somebody else one first."))
    weblogs = Tenancy.objects.exclude(state=State.TRASHED).filter(roles__group__user=user)
    for tenancy in weblogs.distinct().order_by("pk"):
        remove(tenancy, user, by=user)
    keep_comments([user])
    user.delete()


def delete_user(request: HttpRequest, user: User) -> HttpResponse | None:
    """Ask in our words, since Wagtail's count knows neither entries nor weblogs."""
    if user.username == GONE:
        raise PermissionDenied
    if refuse(request, [user]):
        return redirect("wagtailusers_users:edit", user.pk)
    if request.method == "POST":
        keep_comments([user])
        return None
    context = {"people": [user], "entries": entries_of([user])}
    return render(request, "tenancy/delete_users.html", context)


def edit_user(request: HttpRequest, user: User) -> HttpResponse | None:
    is_active = CheckboxInput().value_from_datadict(request.POST, request.FILES, "is_active")
    is_closing = request.method == "POST" and user.is_active and not is_active
    # The form of one's own account has no such field.
    if is_closing and user != request.user and refuse(request, [user]):
        return redirect("wagtailusers_users:edit", user.pk)
    return None


def change_users(
    request: HttpRequest, act: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    if view.model is not get_user_model():
        return None
    is_closing = act == "set_active_state" and not view.cleaned_form.cleaned_data["mark_as_active"]
    closed = [user for user in objects if user.is_active] if is_closing else objects
    if (is_closing or act == "delete") and refuse(request, closed):
        return redirect(view.next_url)
    if act == "delete":
        keep_comments(objects)
    return None


class DeleteUsers(AtOnce, DeleteWagtailsUsers):
    template_name = "tenancy/delete_users.html"

    def check_perm(self, obj: User) -> bool:
        return super().check_perm(obj) and obj.username != GONE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        people = [told["item"] for told in context["items"]]
        return context | {"people": people, "entries": entries_of(people)}
