"""How often each weblog's pages were forgotten, for all processes to agree on."""

from django.db import models


class Generation(models.Model):
    """Raised in the transaction of a change, so that both are there or neither."""

    # No foreign key: this app knows nothing of weblogs, and 0 stands for the platform.
    weblog_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    # How often something was taken back that must not be shown again, not even in an emergency.
    purges = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.weblog_id}: {self.number}"
