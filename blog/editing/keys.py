"""What unsaved text is known by: its form, and the person for whom a browser keeps it."""

from base64 import b64encode
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def key_of_copies(user: AbstractBaseUser) -> str:
    """Return 256 bits in base64, the same at each sign-in of one person."""
    digest = salted_hmac("blog.editing.copies", str(user.pk), algorithm="sha256").digest()
    return b64encode(digest).decode()


def id_of_form(request: HttpRequest) -> UUID | None:
    """Return the id that the editor's scripts gave the form which was sent."""
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return None
