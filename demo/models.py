"""Which weblogs are examples, so that they can be thrown away without touching any other."""

from django.db import models


class DemoWeblog(models.Model):
    weblog = models.OneToOneField("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    is_loaded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.weblog)
