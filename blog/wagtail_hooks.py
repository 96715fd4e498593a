"""What the weblog app adds to Wagtail."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from blog.editing import views
from blog.indexing import index_waiting
from blog.rich_text import KnownPageLinkHandler


@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: FeatureRegistry) -> None:
    features.register_link_type(KnownPageLinkHandler)


hooks.register("register_work", index_waiting)


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
