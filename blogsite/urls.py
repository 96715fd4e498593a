"""The addresses of the host that has the admin."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from blog.editing.views import session
from blogsite import reader_urls
from blogsite.reader_urls import handler404, handler500  # noqa: F401
from tenancy.views.account import delete_account, own_account
from tenancy.views.invitations import accept_invitation
from tenancy.views.tags import tag_autocomplete

urlpatterns = [
    # These stand at Wagtail's own addresses, so before them.
    path("admin/tag-autocomplete/", tag_autocomplete, name="wagtailadmin_tag_autocomplete"),
    path(
        "admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/",
        tag_autocomplete,
        name="wagtailadmin_tag_model_autocomplete",
    ),
    path("admin/account/", own_account, name="wagtailadmin_account"),
    path("admin/account/delete/", delete_account, name="delete_account"),
    path("admin/writing/session/", session, name="writing_session"),
    path("admin/invitation/<str:token>/", accept_invitation, name="accept_invitation"),
    path("admin/", include(wagtailadmin_urls)),
    *reader_urls.urlpatterns,
]
