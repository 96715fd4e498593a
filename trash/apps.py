from django.apps import AppConfig


class TrashConfig(AppConfig):
    name = "trash"

    def ready(self) -> None:
        from trash import signal_handlers  # noqa: F401
