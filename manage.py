#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    from django.core.management import execute_from_command_line

    from blogsite.refusals import told

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt as error:
        if "--traceback" in sys.argv:
            raise
        print(error if error.args else "Stopped.", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        sentence = "" if "--traceback" in sys.argv else told(error)
        if not sentence:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
