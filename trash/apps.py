from django.apps import AppConfig


class TrashConfig(AppConfig):
    name = "trash"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from library.models import Document, Picture
        from trash import signal_handlers  # noqa: F401
        from trash.policies import FilePolicy

        for model, of_wagtail in (
            (Picture, "wagtailimages.Image"),
            (Document, "wagtaildocs.Document"),
        ):
            policy = FilePolicy(model, auth_model=of_wagtail, owner_field_name="uploaded_by_user")
            # Wagtail registers its own later; the one for exactly this class comes first.
            register_permission_policy(model, policy, exact_class=True)
