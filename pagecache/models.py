"""How often each weblog's pages were forgotten, for all processes to agree on."""

from django.db import models


class Generation(models.Model):
    """A change, or several added up: a weblog's number is the sum of its rows.

    Each is written in the transaction of what it stands for, so that both are there or neither.
    """

    # No foreign key: this app knows nothing of weblogs, and 0 stands for the platform.
    weblog_id = models.BigIntegerField()
    number = models.BigIntegerField(default=0)
    # How often something was taken back that must not be shown again, not even in an emergency.
    purges = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.weblog_id}: {self.number}"
