"""The account of somebody who writes or operates; readers have none."""

from django.contrib.auth.models import AbstractUser

from scope.managers import ScopedUserManager


class User(AbstractUser):
    objects = ScopedUserManager()
