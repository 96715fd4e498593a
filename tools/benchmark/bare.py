"""The least that Django does: one view that answers 20 KB of text, by any WSGI server.

With BARE_CACHE (a Redis) it stands behind Django's own cache of whole pages.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

# As long and as easy to compress as a page of ours.
PAGE = Path(os.environ["BENCH"], "page.html").read_text()
REDIS_URL = os.environ.get("BARE_CACHE", "")
CACHE = "django.middleware.cache."

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="not secret",
        MIDDLEWARE=[f"{CACHE}UpdateCacheMiddleware", f"{CACHE}FetchFromCacheMiddleware"]
        if REDIS_URL
        else [],
        CACHES={
            "default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL}
            if REDIS_URL
            else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
        },
    )
    django.setup()


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]
application = get_wsgi_application()
