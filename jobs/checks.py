"""What ``manage.py check --deploy`` says about mail."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from jobs.mail import NO_SERVER


@register(Tags.security, deploy=True)
def mail_reaches_people(**kwargs: Any) -> list[CheckMessage]:
    if settings.MAIL_BACKEND not in NO_SERVER:
        return []
    return [
        Warning(
            "EMAIL_URL names no mail server, so nobody gets invitations or new passwords by mail.",
            hint="Set it, for instance, to smtp+tls://user:password@mail.example:587",
            id="jobs.W001",
        )
    ]
