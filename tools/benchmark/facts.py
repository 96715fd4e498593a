"""What the measurements need to know of the seeded weblogs, as one line of JSON. Runs in Django."""

import json

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from benchmark.names import MANY, OWNER, SMALL, name_of
from blog.models import BlogIndexPage


def signed_in() -> Client:
    """Return a client that is the owner of the weblogs that are measured."""
    client = Client()
    client.force_login(get_user_model().objects.get(email=OWNER))
    return client


def tell() -> None:
    """Print the owner's session cookie, and the ids of weblogs and of their newest entries."""
    session = signed_in().cookies[settings.SESSION_COOKIE_NAME]
    told: dict = {"cookie": f"{session.key}={session.value}"}
    for which, number in {"many": MANY, "small": SMALL}.items():
        weblog = BlogIndexPage.objects.get(slug=name_of(number))
        told[which] = {"weblog": weblog.pk, "entry": weblog.entries()[0].pk}
    print(json.dumps(told))
