from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class TenancyConfig(AppConfig):
    name = "tenancy"
    default = True

    def ready(self) -> None:
        from wagtail.models import Collection, Site
        from wagtail.permissions import register_permission_policy

        from library.models import Document, Picture
        from pages.addresses import roots_come_from
        from pages.models import BasePage
        from tenancy import signal_handlers  # noqa: F401
        from tenancy.exports import export_no_formulas
        from tenancy.hostnames import validate_stored
        from tenancy.hosts import page_roots
        from tenancy.mail import notify_its_people
        from tenancy.policies import CollectionPolicy, FilePolicy, WeblogPagePolicy
        from tenancy.scripts import start_choosers_by_data

        roots_come_from(page_roots)
        register_permission_policy(BasePage, WeblogPagePolicy(BasePage))
        register_permission_policy(Collection, CollectionPolicy(Collection))
        for model, original in (
            (Picture, "wagtailimages.Image"),
            (Document, "wagtaildocs.Document"),
        ):
            register_permission_policy(model, FilePolicy(model, original), exact_class=True)
        notify_its_people()
        export_no_formulas()
        start_choosers_by_data()

        # Operators add sites in Wagtail's own form too.
        Site._meta.get_field("hostname").validators.append(validate_stored)


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "tenancy.views.users.UserViewSet"
    group_viewset = "tenancy.views.users.GroupViewSet"
