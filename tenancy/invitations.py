"""Inviting people into a weblog: a signed link of seven days, mailed, used once, revocable."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from tenancy.models import Invitation, RoleName, Tenancy
from tenancy.people import PeopleError, set_role

if TYPE_CHECKING:
    from users.models import User

LASTS = timedelta(days=7)
MOST_AT_ONCE = 50  # of one weblog: nobody's platform shall send anybody's spam
SALT = "tenancy.invitation"


class InvitationError(Exception):
    """An invitation can't be used; the message says why in a sentence."""


@transaction.atomic
def send_invitation(tenancy: Tenancy, email: str, role: str, by: User | None = None) -> Invitation:
    """Invite somebody, by mail once everything is stored. A second one replaces the first.

    Raises:
        ValidationError: that isn't an e-mail address.
        PeopleError: too many invitations are waiting already.
    """
    email = email.strip().lower()
    validate_email(email)
    others = tenancy.invitations.exclude(email=email).filter(expires_at__gt=timezone.now())
    if others.count() >= MOST_AT_ONCE:
        raise PeopleError(
            _("%d invitations are waiting already. Revoke some of them first.") % MOST_AT_ONCE
        )
    tenancy.invitations.filter(email=email).delete()
    invitation = Invitation.objects.create(
        tenancy=tenancy,
        email=email,
        role=RoleName(role),
        invited_by=by,
        expires_at=timezone.now() + LASTS,
    )
    log(tenancy.weblog, "weblog.invitation", user=by, data={"person": email, "role": str(role)})
    transaction.on_commit(lambda: _mail(invitation))
    return invitation


def revoke(invitation: Invitation, by: User | None = None) -> None:
    log(
        invitation.tenancy.weblog,
        "weblog.invitation_revoked",
        user=by,
        data={"person": invitation.email},
    )
    invitation.delete()


def link_of(invitation: Invitation) -> str:
    """Return the address at which an invitation is accepted, on the admin's host."""
    # The time of running out makes the link of an invitation that was sent anew another one.
    token = signing.dumps([invitation.pk, invitation.expires_at.timestamp()], salt=SALT)
    return settings.WAGTAILADMIN_BASE_URL + reverse("accept_invitation", args=[token])


def invitation_of(token: str) -> Invitation:
    """Return the invitation that a link stands for.

    Raises:
        InvitationError: it was never sent, was used, revoked, or has run out.
    """
    try:
        pk, expires_at = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise InvitationError(_("This link isn't complete. Copy all of it.")) from error
    invitation = Invitation.objects.select_related("tenancy__weblog").filter(pk=pk).first()
    if invitation is None or invitation.expires_at.timestamp() != expires_at:
        raise InvitationError(_("This invitation was used already, or was taken back."))
    if invitation.has_run_out:
        raise InvitationError(_("This invitation has run out. Ask for a new one."))
    return invitation


@transaction.atomic
def accept(invitation: Invitation, user: User) -> None:
    """Give the role to somebody who came by the link, and make the link worthless.

    Raises:
        InvitationError: somebody used it a moment ago.
    """
    used, _rows = Invitation.objects.filter(pk=invitation.pk).delete()
    if not used:
        raise InvitationError(_("This invitation was used already, or was taken back."))
    tenancy = invitation.tenancy
    membership = user.memberships.get(tenancy.weblog_id)
    # Nobody loses by accepting: an owner who is invited to write stays an owner.
    role = RoleName(invitation.role)
    if not membership or role.rank < RoleName(membership.role).rank:
        set_role(tenancy, user, role, by=user)


def account_of(email: str) -> User | None:
    """Return the account of an address, or a closed one: nobody makes a second beside it."""
    accounts = get_user_model()._base_manager.filter(email__iexact=email)
    return accounts.order_by("-is_active", "pk").first()


def _mail(invitation: Invitation) -> None:
    weblog = invitation.tenancy.weblog.specific
    context = {
        "invitation": invitation,
        "weblog": weblog,
        "link": link_of(invitation),
        "platform": settings.WAGTAIL_SITE_NAME,
        "days": LASTS.days,
    }
    with translation.override(_language_of(account_of(invitation.email), weblog.language)):
        subject = _("Write in “%s”") % weblog.title
        text = render_to_string("tenancy/mail/invitation.txt", context)
    # A mail server that is away must not undo the weblog: the link can be sent again.
    to = [invitation.email]
    sent = send_mail(" ".join(subject.split()), text, None, to, fail_silently=True)
    invitation.is_mailed = bool(sent)


def _language_of(account: User | None, otherwise: str) -> str:
    """Return the language that somebody chose for the admin, else that of the weblog."""
    profile = UserProfile.objects.filter(user=account).first() if account else None
    return (profile and profile.preferred_language) or otherwise
