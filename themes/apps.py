from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "themes"

    def ready(self) -> None:
        from themes import checks  # noqa: F401
