"""What a weblog owns besides its pages, and the names it answers on besides its own."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Collection, Workflow

from scope.managers import OfWeblogManager
from tenancy.hostnames import shown, stored

# For how long what was deleted can be taken back, and an invitation that ran out sent again.
KEPT = timedelta(days=30)


class State(models.TextChoices):
    """What the operator decided about a weblog, or its owner by deleting it."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ARCHIVED = "archived", _("Archived")
    TRASHED = "trashed", _("In the trash")

    @property
    def act(self) -> str:
        """What the button says that brings a weblog into the state."""
        acts = {
            "active": _("Restore"),
            "suspended": _("Suspend"),
            "archived": pgettext_lazy("verb", "Archive"),
        }
        return acts.get(str(self), _("Delete"))

    def consequence(self, by_operator: bool) -> str:
        """What it means for people; who deletes it decides who may take it back."""
        if by_operator and self == State.TRASHED:
            return _(
                "Readers are told that the weblog is gone. Only operators can restore it, for "
                "30 days; then it is removed for good, with all of its entries, pictures and "
                "addresses."
            )
        return {
            "active": _("Readers and writers find the weblog as it was."),
            "suspended": _("Readers are told to come back later. Its people can go on writing."),
            "archived": _("Readers find everything; nothing can be changed any more."),
            "trashed": _(
                "Readers are told that the weblog is gone. Its owners can restore it for 30 days; "
                "then it is removed for good, with all of its entries, pictures and addresses."
            ),
        }[str(self)]


class Tenancy(models.Model):
    """What makes a weblog somebody's: its collection of files, its state, its people's roles."""

    weblog = models.OneToOneField(
        "pages.BasePage", on_delete=models.CASCADE, related_name="tenancy"
    )
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="tenancy")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    state_since = models.DateTimeField(default=timezone.now)
    # Whether it was an operator who brought it there: then no owner brings it back.
    is_operators_decision = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)  # of that, for its people to read
    # What it comes back to from the trash: an operator's decision isn't undone by deleting.
    state_before = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    reason_before = models.CharField(max_length=300, blank=True)
    # Bytes of pictures and documents; None: as many as the settings say, 0: as many as there are.
    quota = models.BigIntegerField(null=True, blank=True)
    workflow = models.OneToOneField(
        Workflow, null=True, on_delete=models.SET_NULL, related_name="tenancy"
    )

    class Meta:
        verbose_name_plural = "tenancies"

    def __str__(self) -> str:
        return str(self.weblog)

    @property
    def kept_until(self) -> datetime | None:
        """Until when a weblog in the trash can be restored; None for one that isn't there."""
        return self.state_since + KEPT if self.state == State.TRASHED else None

    @property
    def restored_state(self) -> State:
        """The state into which *Restore* brings it."""
        return State(self.state_before) if self.state == State.TRASHED else State.ACTIVE

    def lock(self) -> None:
        """Have others who change or count its people wait until this transaction is over."""
        list(Tenancy.objects.select_for_update().filter(pk=self.pk).values_list("pk"))

    def act_to(self, state: State) -> str:
        """Return what the button says that brings it into a state."""
        return str(_("Restore")) if state == self.restored_state else state.act

    @property
    def owners(self) -> Group:
        """The group of the weblog's owners."""
        return self.roles.select_related("group").get(name=RoleName.OWNER).group


class Incoming(models.Model):
    """Room that is held for a file from the look at its form until its row is there."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="incoming")
    size = models.BigIntegerField()  # bytes
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.size} bytes for {self.tenancy}"


class RoleName(models.TextChoices):
    """What somebody may be in a weblog; the strongest first."""

    # Not what readers and Wagtail call an author and an owner: the four read as one set.
    OWNER = "owner", pgettext_lazy("role", "Owner")
    EDITOR = "editor", pgettext_lazy("role", "Editor")
    AUTHOR = "author", pgettext_lazy("role", "Author")
    CONTRIBUTOR = "contributor", pgettext_lazy("role", "Contributor")

    @property
    def rank(self) -> int:
        """How far down the list of roles this one stands; an owner's is 0."""
        return list(RoleName).index(self)


class Role(models.Model):
    """A role in one weblog: the people who have it are a group."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=12, choices=RoleName.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="role")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenancy", "name"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.tenancy}"


class HostAlias(models.Model):
    """A name that redirects to the page's canonical host, path and query kept."""

    hostname = models.CharField(max_length=253, unique=True)
    page = models.ForeignKey(
        "pages.BasePage", on_delete=models.CASCADE, related_name="aliases_here"
    )

    class Meta:
        verbose_name_plural = "host aliases"

    def __str__(self) -> str:
        return shown(self.hostname)

    def save(self, *args: object, **kwargs: object) -> None:
        self.hostname = stored(self.hostname)
        super().save(*args, **kwargs)


class Problem(models.TextChoices):
    """Why a check didn't find the proof of a domain."""

    MISSING = "missing", _("The TXT record isn't there yet.")
    DIFFERENT = "different", _("There is a TXT record, but not with this value.")
    UNREACHABLE = "unreachable", _("The servers that know this domain didn't answer.")
    TAKEN = "taken", _("The record is right, but the name is taken, or was given up a moment ago.")


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Domain(models.Model):
    """A domain that a weblog's owner brings: waiting for its proof, proven, or no longer so."""

    weblog = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="domains")
    hostname = models.CharField(max_length=253)
    token = models.CharField(max_length=43, default=new_token)
    asked_at = models.DateTimeField(default=timezone.now)
    proven_at = models.DateTimeField(null=True)  # None while it waits
    lost_at = models.DateTimeField(null=True)  # since when the proof is gone, also once it stopped
    problem = models.CharField(max_length=12, choices=Problem.choices, blank=True)
    tries = models.PositiveIntegerField(default=0)  # without success, in a row
    checked_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = OfWeblogManager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["weblog", "hostname"], name="asked_for_once"),
            models.UniqueConstraint(
                fields=["hostname"], condition=models.Q(proven_at__isnull=False), name="proven_once"
            ),
        ]

    def __str__(self) -> str:
        return shown(self.hostname)

    @property
    def record_name(self) -> str:
        """Where the proof stands: beside the host, because a CNAME there forbids siblings."""
        return f"_weblog-verify.{self.hostname}"

    @property
    def record_value(self) -> str:
        return f"weblog-verify={self.token}"


class ReleasedHost(models.Model):
    """A name that a weblog gave up, which no other may take for a day."""

    hostname = models.CharField(max_length=253, unique=True)
    was_of = models.BigIntegerField()  # the weblog's id; it may be gone
    released_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return shown(self.hostname)


class Invitation(models.Model):
    """A role that waits for somebody to accept it, by a link that was mailed to them.

    It can be used once, until it runs out or is revoked.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=12, choices=RoleName.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField()
    is_mailed = True  # until the mail fails

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "email"], name="one_invitation_each")
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.tenancy}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_backed(self) -> bool:
        """Whether who sent it may still do so; None are commands of the operator's."""
        by = self.invited_by
        if by is None:
            return True
        return by.is_active and by.may_rule(self.tenancy.weblog_id)


class Preview(models.Model):
    """A page that was put together for its writer, waiting to be shown once on its own host."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    hostname = models.CharField(max_length=253)
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.hostname
