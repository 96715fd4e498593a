from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self) -> None:
        from wagtail.models import Site
        from wagtail.permissions import register_permission_policy

        from pages.addresses import roots_come_from
        from pages.models import BasePage
        from tenancy import signal_handlers  # noqa: F401
        from tenancy.hostnames import validate_stored
        from tenancy.hosts import page_roots
        from tenancy.policies import WeblogPagePolicy

        roots_come_from(page_roots)
        register_permission_policy(BasePage, WeblogPagePolicy(BasePage))

        # Operators add sites in Wagtail's own form too.
        Site._meta.get_field("hostname").validators.append(validate_stored)
