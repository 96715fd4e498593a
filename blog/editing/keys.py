"""Keys under which a browser keeps a writer's unsaved text, so that nobody else reads it there."""

from base64 import b64encode

from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import salted_hmac


def key_of_copies(user: AbstractBaseUser) -> str:
    """Return 256 bits in base64, the same at each sign-in of one person."""
    digest = salted_hmac("blog.editing.copies", str(user.pk), algorithm="sha256").digest()
    return b64encode(digest).decode()
