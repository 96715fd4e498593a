"""The people of a weblog: seen by all of them, changed by its owners."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.permissions import READ_ONLY
from tenancy.forms import GuidingForm
from tenancy.invitations import (
    LASTS,
    MOST_AT_ONCE,
    link_of,
    may_be_shown,
    send_invitations,
    valid_address,
)
from tenancy.models import Invitation, RoleName, Tenancy
from tenancy.people import PeopleError, people_of, remove, revoke, set_role
from tenancy.views.sure import ask, is_sure

if TYPE_CHECKING:
    from users.models import User

PER_PAGE = 50
WHAT_ROLES_MAY = {
    RoleName.OWNER: gettext_lazy("everything: settings, people, address, and all entries"),
    RoleName.EDITOR: gettext_lazy("write and publish everybody's entries, and review"),
    RoleName.AUTHOR: gettext_lazy("write and publish their own entries"),
    RoleName.CONTRIBUTOR: gettext_lazy("write entries and send them to be reviewed"),
}


# Marks of direction, which are copied with addresses from right-to-left pages, and their like.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def addresses_in(text: str) -> list[str]:
    """Return each address once, of a list that was typed or comes from a mail program.

    In `Ann Lee <ann@example.org>, "Lee, Bea" <bea@example.org>` names are left out. Not by
    `email.utils.getaddresses`, which knows commas alone and doesn't tell which of many is wrong.
    """
    found = []
    text = re.sub(r'"[^"\n]*"\s*<', "<", INVISIBLE.sub("", text))
    for part in re.split(r"[,;>\n،؛，；、]", text):
        before, _bracket, address = part.rpartition("<")
        found += [word for word in before.split() if "@" in word] + address.split()
    return list(dict.fromkeys(word.lower() for word in found))


class InviteForm(GuidingForm):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=20_000,
        help_text=gettext_lazy("Or several, with commas or on lines of their own."),
        widget=AdminAutoHeightTextInput({"inputmode": "email", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=RoleName.choices, initial=RoleName.AUTHOR
    )

    def clean_email(self) -> list[str]:
        emails = addresses_in(self.cleaned_data["email"])
        if len(emails) > MOST_AT_ONCE:
            told = {"number": len(emails), "most": MOST_AT_ONCE}
            raise ValidationError(
                _("At most %(most)d can be invited at once; here are %(number)d.") % told
            )
        if not emails:
            raise ValidationError(self.fields["email"].error_messages["required"])
        wrong = []
        for email in emails:
            try:
                valid_address(email)
            except ValidationError:
                if len(emails) < 2:
                    raise
                wrong.append(email)
        if wrong:
            raise ValidationError(
                _("Not valid as an e-mail address: %s. Nobody has been invited yet.")
                % ", ".join(wrong)
            )
        return emails


def tell_of_mail(request: HttpRequest, invitations: list[Invitation]) -> None:
    """Say which invitations were sent, and give the links of those whose mail failed."""
    mailed = [invitation.email for invitation in invitations if invitation.is_mailed]
    if mailed:
        words = ngettext(
            "%(emails)s was sent a link.",
            "%(number)d people were sent a link: %(emails)s.",
            len(mailed),
        )
        told = {"number": len(mailed), "emails": ", ".join(mailed)}
        messages.success(request, words % told)
    for invitation in invitations:
        if not invitation.is_mailed:
            link = link_of(invitation) if may_be_shown(invitation) else ""
            told = {"email": invitation.email, "link": link}
            messages.error(request, render_to_string("tenancy/not_mailed.html", told))


class PeopleView(TemplateView):
    """Lists people and waiting invitations. Every change is a POST that names its `act`."""

    template_name = "tenancy/people.html"
    acts = ("invite", "role", "remove", "revoke", "resend", "leave")

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]  # the admin asks who it is first

    @cached_property
    def tenancy(self) -> Tenancy:
        weblog_id, user = self.kwargs["weblog_id"], self.user
        if not user.is_superuser and weblog_id not in user.memberships:
            raise Http404("There is no such weblog.")
        return get_object_or_404(Tenancy.objects.select_related("weblog"), weblog=weblog_id)

    @property
    def is_owner(self) -> bool:
        return self.user.may_rule(self.tenancy.weblog_id)

    def get_context_data(self, **kwargs: Any) -> dict:
        rows: list[User | Invitation] = [*people_of(self.tenancy)]
        if self.is_owner:
            rows += self.tenancy.invitations.all()
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **{
                "weblog": self.tenancy.weblog,
                "page": page,
                "people": [row for row in page if not isinstance(row, Invitation)],
                "invitations": [row for row in page if isinstance(row, Invitation)],
                "is_owner": self.is_owner,
                "belongs": self.tenancy.weblog_id in self.user.memberships,
                "form": InviteForm(),
                "roles": [(name, name.label, may) for name, may in WHAT_ROLES_MAY.items()],
                "days": LASTS.days,
                "acts_on_invitations": [("resend", _("Send again")), ("revoke", _("Revoke"))],
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act")
        if act not in self.acts:
            raise Http404("There is no such act.")
        if act != "leave" and not self.is_owner:
            raise PermissionDenied
        if act in ("invite", "resend") and self.tenancy.state in READ_ONLY:
            messages.error(request, _("Nobody can write in this weblog now, so nobody is invited."))
            return self._back()
        try:
            return getattr(self, act)()
        except PeopleError as error:
            messages.error(request, str(error))
            return self._back()

    def invite(self) -> HttpResponse:
        form = InviteForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        emails = self._without_who_is_here(form.cleaned_data["email"])
        try:
            if emails:
                self._send(emails, form.cleaned_data["role"])
        except PeopleError as error:
            form.add_error("email", str(error))
            return self.render_to_response(self.get_context_data(form=form))
        return self._back()

    def resend(self) -> HttpResponse:
        invitation = self._invitation()
        self._send([invitation.email], invitation.role)
        return self._back()

    def revoke(self) -> HttpResponse:
        invitation = self._invitation()
        revoke(invitation, by=self.user)
        messages.success(self.request, _("The link of %s works no more.") % invitation.email)
        return self._back()

    def role(self) -> HttpResponse:
        name = self.request.POST.get("role", "")
        if name not in RoleName:
            raise Http404("There is no such role.")
        person = self._person()
        set_role(self.tenancy, person, name, by=self.user)
        label = RoleName(name).label
        messages.success(self.request, _("%(who)s: %(role)s") % {"who": person, "role": label})
        return self._back()

    def remove(self) -> HttpResponse:
        person = self._person()
        if not is_sure(self.request):
            consequence = _(
                "They can't write in “%s” any more, unless they are invited again. "
                "What they wrote stays."
            )
            consequence %= self.tenancy.weblog.title
            return ask(self.request, _("Remove"), person.get_full_name(), consequence)
        remove(self.tenancy, person, by=self.user)
        messages.success(
            self.request, _("%s can't write here any more. What they wrote stays.") % person
        )
        return self._back()

    def leave(self) -> HttpResponse:
        if not is_sure(self.request):
            consequence = _("Only an invitation leads back. What you wrote stays.")
            title = self.tenancy.weblog.title
            return ask(self.request, _("Leave this weblog"), title, consequence)
        remove(self.tenancy, self.user, by=self.user)
        messages.success(self.request, _("You have left “%s”.") % self.tenancy.weblog.title)
        return redirect("wagtailadmin_home")

    def _without_who_is_here(self, emails: list[str]) -> list[str]:
        """Return the addresses of those who can be invited; tell of the others."""
        here = {person.email.lower(): person for person in people_of(self.tenancy)}
        told = [
            _("%(who)s is %(role)s here already; change the role below.")
            % {"who": here[email], "role": RoleName(here[email].role).label}  # type: ignore[attr-defined]
            for email in emails
            if email in here
        ]
        if told:
            messages.error(self.request, " ".join(told))
        return [email for email in emails if email not in here]

    def _send(self, emails: list[str], role: str) -> None:
        try:
            invitations = send_invitations(self.tenancy, emails, role, by=self.user)
        except ValidationError as error:
            raise PeopleError(" ".join(error.messages)) from error
        tell_of_mail(self.request, invitations)

    def _person(self) -> Any:
        wanted = self.request.POST.get("person", "")
        for person in people_of(self.tenancy):
            if str(person.pk) == wanted:
                return self.user if person == self.user else person
        raise Http404("There is no such person here.")

    def _invitation(self) -> Any:
        pk = self.request.POST.get("invitation", "")
        return get_object_or_404(self.tenancy.invitations, pk=pk if pk.isdecimal() else 0)

    def _back(self) -> HttpResponse:
        if self.is_owner:
            here = reverse("people", args=[self.tenancy.weblog_id])
            page = self.request.GET.get("p", "")
            return redirect(f"{here}?p={page}" if page.isdecimal() else here)
        return redirect("wagtailadmin_home")
