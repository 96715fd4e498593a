"""Wagtail finds the app's hooks here."""

from tenancy import media  # noqa: F401
