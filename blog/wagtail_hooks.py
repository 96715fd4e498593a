"""What the weblog app adds to Wagtail."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from blog.editing import views
from blog.indexing import index_waiting
from blog.models import BlogEntryPage
from blog.page_links import KnownPageLinkHandler
from pages.models import BasePage


@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: FeatureRegistry) -> None:
    features.register_link_type(KnownPageLinkHandler)


hooks.register("register_work", index_waiting)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, "blog/icons/sound.svg"]


@hooks.register("after_copy_page")
def date_copy_anew(request: HttpRequest, page: BasePage, copy: BasePage) -> None:
    """Take an entry that is copied for a template; those below a copied weblog are its history."""
    if isinstance(copy, BlogEntryPage) and not copy.alias_of_id:
        copy.date_anew()


@hooks.register("register_admin_urls")
def register_editing() -> list[URLPattern]:
    return [
        path("writing/restore/<int:page_id>/", views.RestoreText.as_view(), name="restore_text"),
        path(
            "writing/restore/<str:content_type_app_name>/<str:content_type_model_name>/"
            "<int:parent_page_id>/",
            views.RestoreNewText.as_view(),
            name="restore_new_text",
        ),
    ]
