"""What is kept of those who sign in, and is of no use after a while."""

from django.core.management import call_command


def forget_sessions() -> None:
    """Delete the sessions that ran out; those of whoever signs out go at once."""
    call_command("clearsessions")
