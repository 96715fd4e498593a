"""Accepting an invitation: choose a name and a password, or sign in, and write."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, password_validation
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pages.permissions import READ_ONLY
from scope.current import use_scope
from tenancy.forms import GuidingForm
from tenancy.invitations import (
    InvitationError,
    NotNow,
    accept,
    invitation_of,
    may_choose_password,
)
from tenancy.models import Invitation
from tenancy.welcome import first_draft
from users.accounts import account_of, free_username, language_of
from users.languages import begin_in, language_asked

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AccountForm(GuidingForm):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least eight characters. A few words are better than one."),
    )

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = invitation.email
        self.fields["name"].widget.attrs |= {"autocomplete": "name", "autofocus": True}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if "\0" in name or not name:
            raise ValidationError(_("Choose a name that can be shown."))
        return name

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            account = self._account(cleaned.get("name", ""))
            account.username = ""  # it is made of the address, and nobody typed it
            try:
                password_validation.validate_password(password, account)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def save(self, account: Any = None) -> Any:
        """Store a new account, or the one that was made for the address, with name and password."""
        account = self._account(self.cleaned_data["name"], account)
        account.set_password(self.cleaned_data["password"])
        account.save()
        return account

    def _account(self, name: str, account: Any = None) -> Any:
        if account is None:
            account = get_user_model()(username=free_username(self.email), email=self.email)
        account.first_name, _space, account.last_name = name.partition(" ")
        return account


@never_cache
@sensitive_post_parameters()
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    # Who is invited may see the weblog before they belong to it.
    with use_scope(None), ExitStack() as spoken:
        try:
            invitation = invitation_of(token)
            spoken.enter_context(translation.override(_language(request, invitation)))
            response = _answer(request, invitation)
        except InvitationError as error:
            context = {"error": error}
            response = render(request, "tenancy/invitation.html", context, status=error.status)
    # Not "no-referrer": browsers would keep the origin of the form to themselves too.
    response["Referrer-Policy"] = "same-origin"
    return response


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """Return the language that the invitation was written in, or that whoever reads it chose."""
    reader = request.user if request.user.is_authenticated else account_of(invitation.email)
    return language_of(reader, invitation.tenancy.weblog.specific.language)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.tenancy.state in READ_ONLY:
        day = date_format(invitation.expires_at, "DATE_FORMAT")
        raise NotNow(
            _("Nobody can write in this weblog now. Keep this link: it works until %s.") % day
        )
    account = account_of(invitation.email)
    if account and not account.is_active:
        raise InvitationError(_("The account of this address is closed. Ask the operator."))
    if request.user.is_authenticated and request.user != account:
        if request.POST.get("act") == "sign_out":
            logout(request)
            return redirect(request.path)
        return _show(request, invitation, other=request.user)
    if account is None or may_choose_password(invitation, account):
        return _new_account(request, invitation, account)
    if not account.has_usable_password():
        raise InvitationError(_("This invitation is older than your account. Ask for a new one."))
    if not request.user.is_authenticated:
        return redirect_to_login(request.path, "wagtailadmin_login")
    if request.method == "POST":
        accept(invitation, account)
        return _begin(invitation)
    return _show(request, invitation, account=account)


def _new_account(request: HttpRequest, invitation: Invitation, account: Any) -> HttpResponse:
    form = AccountForm(invitation, request.POST or None)
    if not form.is_valid():
        return _show(request, invitation, form=form)
    try:
        with transaction.atomic():
            account = form.save(account)
            accept(invitation, account)
            if not language_asked(request):
                begin_in(translation.get_language(), account)
    except IntegrityError as error:
        raise InvitationError(_("This invitation was used already, or was taken back.")) from error
    login(request, account, backend=BACKEND)
    if (name := account.get_username()) != invitation.email:
        messages.info(request, _("You sign in as “%s”.") % name)
    return _begin(invitation)


def _begin(invitation: Invitation) -> HttpResponse:
    """Lead to the first thing to write."""
    weblog = invitation.tenancy.weblog.specific
    draft = first_draft(weblog) if invitation.role == "owner" else None
    if draft:
        return redirect("wagtailadmin_pages:edit", draft.pk)
    return redirect("wagtailadmin_pages:add", "blog", "blogentrypage", weblog.pk)


def _show(request: HttpRequest, invitation: Invitation, **context: Any) -> HttpResponse:
    weblog = invitation.tenancy.weblog.specific
    return render(
        request,
        "tenancy/invitation.html",
        {"invitation": invitation, "weblog": weblog, **context},
    )
