"""Inviting people into a weblog: a signed link of seven days, mailed, used once, revocable."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.core.mail import get_connection, send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from tenancy.hosts import platform_address
from tenancy.models import KEPT, Invitation, RoleName, Tenancy
from tenancy.people import PeopleError, set_role
from users.accounts import account_of, language_of

if TYPE_CHECKING:
    from users.models import User

logger = logging.getLogger(__name__)

LASTS = timedelta(days=7)
# Of one weblog: nobody's platform shall send anybody's spam.
MOST_AT_ONCE = 50
MOST_A_DAY = 100
SALT = "tenancy.invitation"


class InvitationError(Exception):
    """An invitation can't be used; the message says why in a sentence."""

    status = 410
    title = gettext_lazy("This link can't be used")


class NotNow(InvitationError):
    """An invitation can be used later."""

    status = 403
    title = gettext_lazy("This link can't be used now")


def send_invitation(tenancy: Tenancy, email: str, role: str, by: User | None = None) -> Invitation:
    """Invite somebody; see `send_invitations`."""
    return send_invitations(tenancy, [email], role, by)[0]


@transaction.atomic
def send_invitations(
    tenancy: Tenancy, emails: list[str], role: str, by: User | None = None
) -> list[Invitation]:
    """Invite people, by mail once everything is stored. A second one replaces the first.

    Raises:
        ValidationError: one isn't an e-mail address.
        PeopleError: too many invitations would be waiting, or were sent today; none is sent.
    """
    tenancy.lock()  # what is posted at once is counted one after the other
    emails = [valid_address(email) for email in emails]
    others = tenancy.invitations.exclude(email__in=emails).filter(expires_at__gt=timezone.now())
    may_wait, may_go = MOST_AT_ONCE - others.count(), MOST_A_DAY - sent_today(tenancy)
    if may_wait <= 0:
        raise PeopleError(
            _("%d invitations are waiting already. Revoke some of them first.") % MOST_AT_ONCE
        )
    if may_go <= 0:
        raise PeopleError(_("%d invitations were sent today. Go on tomorrow.") % MOST_A_DAY)
    if len(emails) > min(may_wait, may_go):
        told = {"room": min(may_wait, may_go), "waiting": MOST_AT_ONCE, "daily": MOST_A_DAY}
        raise PeopleError(
            _(
                "Nobody was invited, since there is room for %(room)d more now: at most "
                "%(waiting)d invitations wait at once, and %(daily)d are sent in a day."
            )
            % told
        )
    tenancy.invitations.filter(email__in=emails).delete()
    invitations = []
    for email in emails:
        invitation = Invitation.objects.create(
            tenancy=tenancy,
            email=email,
            role=RoleName(role),
            invited_by=by,
            expires_at=timezone.now() + LASTS,
        )
        # Nobody's address: the log outlives the invitation, which they may never have asked for.
        log(tenancy.weblog, "weblog.invitation", user=by, data={"role": str(role)})
        invitations.append(invitation)
    transaction.on_commit(lambda: _mail_all(invitations), robust=True)
    return invitations


def sent_today(tenancy: Tenancy) -> int:
    """Return how many invitations into a weblog were sent within a day, whatever became of them."""
    sent = PageLogEntry.objects.filter(page=tenancy.weblog_id, action="weblog.invitation")
    return sent.filter(timestamp__gt=timezone.now() - timedelta(days=1)).count()


def link_of(invitation: Invitation) -> str:
    """Return the address at which an invitation is accepted, on the admin's host."""
    # The time of running out makes the link of an invitation that was sent anew another one.
    token = signing.dumps([invitation.pk, invitation.expires_at.timestamp()], salt=SALT)
    return settings.WAGTAILADMIN_BASE_URL + reverse("accept_invitation", args=[token])


def invitation_of(token: str) -> Invitation:
    """Return the invitation that a link stands for.

    Raises:
        InvitationError: it was never sent, was used, revoked, or has run out; or who sent it is
            gone, or owns the weblog no more.
    """
    try:
        pk, expires_at = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise InvitationError(_("This link isn't complete. Copy all of it.")) from error
    if expires_at <= timezone.now().timestamp():  # the row may be gone already
        raise InvitationError(_("This invitation has run out. Ask for a new one."))
    related = Invitation.objects.select_related("tenancy__weblog", "invited_by")
    invitation = related.filter(pk=pk).first()
    is_sent = invitation is not None and invitation.expires_at.timestamp() == expires_at
    if invitation is None or not is_sent or not invitation.is_backed:
        raise InvitationError(_("This invitation was used already, or was taken back."))
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


def forget_old_invitations() -> None:
    """Delete what nobody answered, with the address, when owners have had the time to send anew."""
    Invitation.objects.filter(expires_at__lte=timezone.now() - KEPT).delete()


def valid_address(email: str) -> str:
    """Return an e-mail address as accounts and invitations keep it.

    Raises:
        ValidationError: it is none, or longer than there is room for.
    """
    return Invitation._meta.get_field("email").clean(email.strip().lower(), None)


def may_be_shown(invitation: Invitation) -> bool:
    """Tell whether whoever invites may have the link, and not only the person it was mailed to.

    Who has no password yet chooses one by the link: with it, anybody would.
    """
    account = account_of(invitation.email)
    return account is None or account.has_usable_password()


def may_choose_password(invitation: Invitation, account: User) -> bool:
    """Tell whether the link gives an account its first password.

    One that was sent before there was the account may have been shown to whoever sent it.
    """
    sent_at = invitation.expires_at - LASTS
    return not account.has_usable_password() and account.date_joined < sent_at


def _mail_all(invitations: list[Invitation]) -> None:
    for invitation in invitations:
        invitation.is_mailed = False
    # A mail server that is away must not undo the weblog: the link can be sent again. One
    # connection for all of them: a silent server is waited for once.
    try:
        with get_connection() as server:
            for invitation in invitations:
                try:
                    _mail(invitation, server)
                except (OSError, ValueError) as error:  # what is wrong with one mail, too
                    _tell_operator(error, invitation)
    except OSError as error:
        _tell_operator(error, *invitations)


def _tell_operator(error: Exception, *unsent: Invitation) -> None:
    """Leave a line in the log. Servers repeat the address, which is nobody's there."""
    why = f"{type(error).__name__}: {error}"
    for invitation in unsent:
        why = why.replace(invitation.email, "…")
    logger.error("%d invitation(s) couldn't be mailed (%s)", len(unsent), why)


def _mail(invitation: Invitation, server: Any) -> None:
    weblog = invitation.tenancy.weblog.specific
    account = account_of(invitation.email)
    context = {
        "invitation": invitation,
        "weblog": weblog,
        # Lines of their own would be anybody's words under the platform's name.
        "title": " ".join(weblog.title.split()),
        "link": link_of(invitation),
        "has_account": account is not None and account.has_usable_password(),
        "platform": settings.WAGTAIL_SITE_NAME,
        "address": platform_address(),
        "days": LASTS.days,
    }
    with translation.override(language_of(account, weblog.language)):
        subject = _("Write in “%s”") % weblog.title
        text = render_to_string("tenancy/mail/invitation.txt", context)
    to = [invitation.email]
    sent = send_mail(" ".join(subject.split()), text, None, to, connection=server)
    invitation.is_mailed = bool(sent)
