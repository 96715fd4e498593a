"""The WSGI application that granian (or any other WSGI server) runs."""

import os
from collections.abc import Callable

from django.core.wsgi import get_wsgi_application

from blogsite.bodies import FewBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")

application: Callable = FewBodies(get_wsgi_application())

# Only now can they be imported.
from django.conf import settings  # noqa: E402

from blogsite.orphans import end_with_parent  # noqa: E402
from blogsite.ready import bound_statements, make_ready  # noqa: E402
from jobs.worker import start_in_background  # noqa: E402
from pagecache.code_stamp import code_stamp  # noqa: E402
from pagecache.layer import PageCache  # noqa: E402
from pagecache.shared import Shared  # noqa: E402
from pagecache.watching import start_watching  # noqa: E402
from tenancy import door  # noqa: E402

end_with_parent()
bound_statements()
make_ready()
start_watching()
if settings.PAGE_CACHE:
    application = PageCache(
        application,
        door,
        session_cookie=settings.SESSION_COOKIE_NAME,
        most_bytes=settings.PAGE_CACHE_MB * 2**20,
        seconds=settings.PAGE_CACHE_SECONDS,
        shared=Shared(settings.REDIS_URL, code_stamp()) if settings.REDIS_URL else None,
        token=settings.MACHINE_TOKEN,
    )
if settings.WORK_IN_APP:
    start_in_background()
