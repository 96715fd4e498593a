"""What people change of their own account."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.localization import get_localized_response
from wagtail.admin.views import account
from wagtail.log_actions import LogContext


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


@login_required
def own_account(request: HttpRequest) -> HttpResponse:
    """Show people what is kept of them, also those who belong to no weblog.

    Stands at the address of Wagtail's own view, which would have these sign in once more.
    """
    with LogContext(user=request.user):
        return get_localized_response(AccountView.as_view(), request)
