"""Serving a finished page without waking Django, and forgetting it at the right moment.

Imports nothing of the project's: `blogsite/wsgi.py` hands it the hosts, and everybody who changes
what readers see calls `pagecache.generations.forget(weblog)`.
"""
