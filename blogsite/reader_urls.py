"""The addresses that readers can reach, on every host."""

import re

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from blog.dotted import dotted_feed, opensearch
from blog.icons import icon, manifest
from blog.robots import robots
from blog.routes import DOTTED_FEEDS
from blog.share_pictures import share_picture
from blog.sitemaps import sitemap
from tenancy.media import document, picture
from tenancy.previews import preview

# A weblog at a path has these below its path.
BELOW = r"^(?P<path>(?:[\w\-]+/)*)"

urlpatterns = [
    path("media/<path:path>", picture, name="media"),
    # Wagtail would add a form for passwords below here, which no reader needs.
    re_path(r"^documents/(\d{1,18})/(.*)$", document, name="wagtaildocs_serve"),
    path("-/preview/<str:token>/", preview, name="preview"),
    path("robots.txt", robots, name="robots"),
    re_path(BELOW + r"sitemap\.xml$", sitemap, name="sitemap"),
    re_path(BELOW + r"opensearch\.xml$", opensearch, name="opensearch"),
    re_path(
        BELOW + rf"(?P<name>{'|'.join(map(re.escape, DOTTED_FEEDS))})$",
        dotted_feed,
        name="dotted_feed",
    ),
    re_path(
        BELOW + r"(?P<name>favicon\.(?:ico|svg)|(?:apple-touch-icon|icon-192|icon-512)\.png)$",
        icon,
        name="icon",
    ),
    re_path(BELOW + r"site\.webmanifest$", manifest, name="manifest"),
    re_path(BELOW + r"share-(?P<digest>[0-9a-f]{16})\.png$", share_picture, name="share_picture"),
    # Wagtail would add forms to sign in here, which no reader needs.
    re_path(serve_pattern, serve, name="wagtail_serve"),
]
handler404 = "blogsite.views.page_not_found"
handler500 = "blogsite.views.server_error"
