"""What people change of their own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.localization import get_localized_response
from wagtail.admin.views import account
from wagtail.log_actions import LogContext

from tenancy.accounts import delete_own, entries_of, refuse
from tenancy.forms import GuidingForm
from tenancy.people import PeopleError

if TYPE_CHECKING:
    from users.models import User


class NameForm(NameEmailForm):
    """Wagtail's, for those who have one name, too. It shows the address, which isn't changed here:

    Invitations and passwords are sent to it, so that whoever claimed anybody's would be them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_name"].required = False
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address"),
            help_text=_("The operator can change it."),
            disabled=True,
            required=False,
        )


class NamePanel(account.NameEmailSettingsPanel):
    form_class = NameForm


class AccountView(account.AccountView):
    """Wagtail's, without a picture: its file would be in no quota, uncleaned, and sent to nobody.

    Wagtail's own takes panels and leaves none out.
    """

    def get_panels(self) -> list[account.BaseSettingsPanel]:
        left_out = account.NameEmailSettingsPanel | account.AvatarSettingsPanel
        panels = [panel for panel in super().get_panels() if not isinstance(panel, left_out)]
        return [NamePanel(self.request, self.request.user, profile=None), *panels]


class DeleteForm(GuidingForm):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This isn't your password."))
        return password


class DeleteView(FormView):
    """Lets people delete their own account, which asks for the password: it is for good."""

    template_name = "tenancy/delete_account.html"
    form_class = DeleteForm

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]  # who isn't signed in stays outside

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entries=entries_of([self.user]), **kwargs)

    def form_valid(self, form: DeleteForm) -> HttpResponse:
        if refuse(self.request, [self.user]):
            return redirect("delete_account")
        try:
            delete_own(self.user)
        except PeopleError as error:
            messages.error(self.request, str(error))
            return redirect("delete_account")
        logout(self.request)
        messages.success(self.request, _("Your account is deleted."))
        return redirect("wagtailadmin_login")


def for_everybody(view: Any) -> Callable[[HttpRequest], HttpResponse]:
    """Show a view of the admin also to those who belong to no weblog, about themselves.

    Wagtail would have these sign in once more.
    """

    @login_required
    def shown(request: HttpRequest) -> HttpResponse:
        with LogContext(user=request.user):
            return get_localized_response(view, request)

    return shown


own_account = for_everybody(AccountView.as_view())
delete_account = for_everybody(DeleteView.as_view())
