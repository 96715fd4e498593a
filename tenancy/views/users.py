"""Wagtail's users and groups, for operators. What people are in weblogs is said in *People*."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.forms import UserForm as WagtailsUserForm
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction

from tenancy.many import AtOnce
from tenancy.models import Role
from users.accounts import account_of, free_username

MOST_ROLES = 50  # told of one person


def groups_of_no_weblog() -> QuerySet[Group]:
    return Group.objects.filter(role=None)


class OfOnePerson(WagtailsUserForm):
    """What the forms of new and of old accounts have in common."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = groups_of_no_weblog()
        for name in ("first_name", "last_name"):  # commands make accounts without
            self.fields[name].required = False

    def clean_email(self) -> str:
        """Refuse what another account has: people sign in and are invited by it."""
        email = self.cleaned_data["email"]
        if (account := account_of(email)) and account != self.instance:
            raise forms.ValidationError(_("The account “%s” has this address.") % account)
        return email


class NewUserForm(OfOnePerson, UserCreationForm):
    pass


class UserForm(OfOnePerson, UserEditForm):
    def clean(self) -> dict:
        """Let those who sign in by their address do so by the new one."""
        cleaned = super().clean() or self.cleaned_data
        email, before = (cleaned.get("email") or "").lower(), self.initial["email"].lower()
        if email not in ("", before) and cleaned.get("username", "").lower() == before:
            cleaned["username"] = free_username(email)
        return cleaned

    def clean_groups(self) -> QuerySet[Group]:
        """Return what was chosen, with the roles in weblogs, which aren't changed here."""
        chosen, roles = self.cleaned_data["groups"], Q(role__isnull=False, user=self.instance)
        return Group.objects.filter(Q(pk__in=chosen) | roles).distinct()


class UserFilterSet(users.UserFilterSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = groups_of_no_weblog()


class UserView(users.EditView):
    def get_context_data(self, **kwargs: Any) -> dict:
        roles = Role.objects.filter(group__user=self.object).select_related("tenancy__weblog")
        shown = list(roles.order_by("tenancy__weblog__title", "pk")[:MOST_ROLES])
        return super().get_context_data(roles=shown, more=roles.count() - len(shown), **kwargs)


class UserViewSet(users.UserViewSet):
    filterset_class = UserFilterSet
    edit_view_class = UserView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return UserForm if for_update else NewUserForm


class GroupsView(groups.IndexView):
    def get_base_queryset(self) -> QuerySet[Group]:
        return super().get_base_queryset().filter(role=None)


class GroupViewSet(groups.GroupViewSet):
    index_view_class = GroupsView


class GroupToAssignForm(forms.Form):
    role = forms.ModelChoiceField(label=gettext_lazy("Role"), queryset=groups_of_no_weblog())


class AssignGroup(AtOnce, AssignRoleBulkAction):
    form_class = GroupToAssignForm
