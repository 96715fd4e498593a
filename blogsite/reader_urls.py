"""The addresses that readers can reach, on every host."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as wagtaildocs_urls

from blog.dotted import dotted_feed, opensearch
from blog.robots import robots
from blog.sitemaps import sitemap
from tenancy.media import picture

# A weblog at a path has these below its path.
BELOW = r"^(?P<path>(?:[\w\-]+/)*)"

urlpatterns = [
    path("media/<path:path>", picture, name="media"),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", robots, name="robots"),
    re_path(BELOW + r"sitemap\.xml$", sitemap, name="sitemap"),
    re_path(BELOW + r"opensearch\.xml$", opensearch, name="opensearch"),
    re_path(
        BELOW + r"(?P<name>(?:feed\.json|(?:rss|atom|feed|index)\.xml))$",
        dotted_feed,
        name="dotted_feed",
    ),
    path("", include(wagtail_urls)),
]
handler404 = "blogsite.views.page_not_found"
handler500 = "blogsite.views.server_error"
