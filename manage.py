#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(error))
    except DatabaseError:
        if "--traceback" in sys.argv or not lacks_tables():
            raise
        sys.exit("The database isn't prepared. Run manage.py prepare first.")
    except KeyboardInterrupt:
        if "--traceback" in sys.argv:
            raise
        print("Stopped.", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


def lacks_tables() -> bool:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:  # it is away
        return False
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
