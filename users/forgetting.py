"""What is kept of those who sign in, and is of no use after a while."""

from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone


def forget_sessions() -> None:
    """Delete the sessions that ran out; those of whoever signs out go at once."""
    call_command("clearsessions")


def forget_failures() -> None:
    """Delete the failed sign-ins that count no more, also while nobody signs in."""
    over = timezone.now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lte=over).delete()
