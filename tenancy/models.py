"""What a weblog owns besides its pages, and the names it answers on besides its own."""

from django.contrib.auth.models import Group
from django.db import models
from wagtail.models import Collection

from tenancy.hostnames import HostnameError, shown, stored


class Tenancy(models.Model):
    """The collection of a weblog's pictures and documents, and the group of its owners."""

    weblog = models.OneToOneField(
        "pages.BasePage", on_delete=models.CASCADE, related_name="tenancy"
    )
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="tenancy")
    owners = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="tenancy")

    class Meta:
        verbose_name_plural = "tenancies"

    def __str__(self) -> str:
        return str(self.weblog)


class HostAlias(models.Model):
    """A name that redirects to the page's canonical host, path and query kept."""

    hostname = models.CharField(max_length=253, unique=True)
    page = models.ForeignKey(
        "pages.BasePage", on_delete=models.CASCADE, related_name="aliases_here"
    )

    class Meta:
        verbose_name_plural = "host aliases"

    def __str__(self) -> str:
        try:
            return shown(self.hostname)
        except HostnameError:
            return self.hostname

    def save(self, *args: object, **kwargs: object) -> None:
        self.hostname = stored(self.hostname)
        super().save(*args, **kwargs)
