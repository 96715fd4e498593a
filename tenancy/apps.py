from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self) -> None:
        from wagtail.models import Site

        from tenancy import signal_handlers  # noqa: F401
        from tenancy.hostnames import validate_stored

        # Operators add sites in Wagtail's own form too.
        Site._meta.get_field("hostname").validators.append(validate_stored)
