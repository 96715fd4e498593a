"""Whether work behind the requests is being done."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker last looked for work, whichever process it runs in."""

    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d %H:%M:%S}"
