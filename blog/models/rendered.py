"""Bodies as they were last rendered, and what they were rendered from."""

from __future__ import annotations

from django.db import models


class RenderedBody(models.Model):
    """A page's body as HTML, thrown away as soon as anything in it changes: `blog.stored`."""

    page = models.OneToOneField(
        "pages.BasePage", primary_key=True, on_delete=models.CASCADE, related_name="rendered"
    )
    key = models.CharField(max_length=32)  # of the page's version, its address, look and our code
    html = models.TextField()
    feed_html = models.TextField()  # without wrappers, with absolute addresses, cleaned
    contents = models.JSONField(default=list)
    sound = models.JSONField(default=list)  # the first one's address, media type and bytes

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.page_id)


class Ingredient(models.Model):
    """A picture, document or page that a body shows or links to, whether it was there or not."""

    body = models.ForeignKey(RenderedBody, on_delete=models.CASCADE, related_name="ingredients")
    kind = models.CharField(max_length=8)  # "picture", "document" or "page"
    thing_id = models.BigIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["kind", "thing_id"], name="used_in")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}"
