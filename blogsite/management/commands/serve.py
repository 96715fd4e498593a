"""manage.py serve: sets up what is missing, shows the addresses and serves."""

import errno
import ipaddress
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from blogsite.orphans import LONGEST_STOP
from demo.accounts import public_accounts
from demo.loading import DemoState, demo_state, make_weblogs, sign_ins
from tenancy.hosts import host_table

LOOPBACK = "127.0.0.1"
# Python answers one request at a time anyway. More threads than it can make pages at once, so that
# some stay for pages that are at hand while others wait for a database or for slow readers.
THREADS, WAITING_REQUESTS = "24", "256"
MOST_WORKERS = 256
ARENAS = "2"  # of memory, for all threads; glibc would have one for nearly each, and all grow


class Command(BaseCommand):
    help = "Serves the platform with granian, after migrating and loading the demo where needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=LOOPBACK, help="address to listen on")
        parser.add_argument(
            "--workers",
            type=number_of_workers,
            default=1,
            help="processes: one for each core that it may use",
        )
        parser.add_argument("--reload", action="store_true", help="start anew when code changes")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], settings.PORT  # which is in every address at home
        demo = settings.DEMO != "none"
        is_private = settings.AT_HOME and is_loopback(host)
        if demo and not is_private:
            raise CommandError(
                "The demo's passwords are public, so it is served on this machine alone. "
                "Set DEMO=none to serve others."
            )
        refuse_busy_port(host, port)
        self.stdout.write("Preparing the database and the static files ...")
        call_command("prepare")
        if not is_private:
            refuse_public_passwords()
        state = demo_state() if demo else DemoState.NONE
        if state in (DemoState.NEW, DemoState.UNFINISHED):
            make_weblogs()
            # Behind the server, so that the first pages can be read while the rest arrives.
            start_alone("manage.py", "load_demo")
        self._greet(demo)
        self.stdout.flush()
        os.environ.setdefault("MALLOC_ARENA_MAX", ARENAS)
        os.chdir(settings.BASE_DIR)
        arguments = server_arguments(host, port, options["workers"], reload=options["reload"])
        granian = [sys.executable, "-m", "granian", *arguments, "blogsite.wsgi:application"]
        os.execv(sys.executable, granian)

    def _greet(self, demo: bool) -> None:
        scheme = f"{settings.PUBLIC_SCHEME}://"
        lines = ["", f"  Front page   {scheme}{settings.PLATFORM_HOST}/"]
        for site in sorted(
            (host.site for host in host_table().hosts.values() if not host.is_platform),
            key=lambda site: site.site_name,
        )[:20]:
            lines.append(f"  Weblog       {site.root_url}/  ({site.site_name})")
        lines.append(f"  Admin        {settings.WAGTAILADMIN_BASE_URL}/admin/")
        if demo:
            lines += [
                f"  Sign in as   {name} with the password {password}  ({role})"
                for name, password, role in sign_ins()
            ]
        else:
            lines.append("  First account: manage.py createsuperuser")
        lines += ["", "  Ctrl-C stops it.", ""]
        self.stdout.write("\n".join(lines))


def server_arguments(host: str, port: int, workers: int, *, reload: bool) -> list[str]:
    arguments = ["--interface", "wsgi", "--host", host, "--port", str(port)]
    arguments += ["--workers", str(workers), "--no-ws"]
    arguments += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    # One that is told to stop while it starts never hears of it.
    arguments += ["--workers-kill-timeout", str(LONGEST_STOP)]
    arguments += ["--blocking-threads", THREADS, "--backpressure", WAITING_REQUESTS]
    arguments += ["--log-config", str(settings.BASE_DIR / "blogsite/granian.json")]
    if reload:
        arguments += ["--reload", "--reload-ignore-dirs", "var", "--reload-ignore-dirs", ".venv"]
    return arguments


def start_alone(*program: str) -> None:
    """Start a Python program that is no child of the server, which wouldn't clear it away."""
    start = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"
    command = [sys.executable, "-c", start, sys.executable, *program]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)


def number_of_workers(written: str) -> int:
    if not (written.isdecimal() and 1 <= int(written) <= MOST_WORKERS):
        raise ArgumentTypeError(f"{written} isn't a number from 1 to {MOST_WORKERS}")
    return int(written)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_public_passwords() -> None:
    """Stop where others could sign in with what the demo told everybody.

    Raises:
        CommandError: accounts of the demo still have its passwords.
    """
    if names := ", ".join(user.get_username() for user in public_accounts()):
        raise CommandError(
            f"Everybody knows the passwords of these accounts of the demo: {names}. Throw the demo "
            "away (manage.py load_demo --remove), or give each another password (manage.py "
            "changepassword NAME); then start again."
        )


def refuse_busy_port(host: str, port: int) -> None:
    """Stop with one sentence when something else listens there.

    Raises:
        CommandError: the port is taken, or may not be used; or nothing can listen at the address.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError as error:
        raise CommandError(
            f"Port {port} needs more rights than you have. Choose one above 1023: "
            "make run PORT=8010"
        ) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(f"“{host}” isn't an address of this machine.") from error
        raise CommandError(
            f"Port {port} is busy: another program listens there. Stop it, or choose another "
            f"port: make run PORT={port + 10}"
        ) from error
