"""The addresses of the host that has the admin."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from blogsite import reader_urls
from blogsite.reader_urls import handler404, handler500  # noqa: F401

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    *reader_urls.urlpatterns,
]
