"""The WSGI application that granian (or any other WSGI server) runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")

application = get_wsgi_application()

# Only now can they be imported.
from django.conf import settings  # noqa: E402

from jobs.worker import start_in_background  # noqa: E402

if settings.WORK_IN_APP:
    start_in_background()
