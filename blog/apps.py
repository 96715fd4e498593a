from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"

    def ready(self) -> None:
        from blog import signal_handlers  # noqa: F401
        from blog.editing.block_widget import describe_blocks_once

        describe_blocks_once()
