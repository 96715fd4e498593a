#!/usr/bin/env python
"""Run every check and test, cheapest first, and stop at the first that fails.

``--stack full`` or ``--stack embedded`` runs the tests of one stack alone, and what follows
``--`` goes to pytest: ``tools/test.py --stack full -- -k feeds``.
"""

import argparse
import importlib.metadata
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import services

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
RUFF = [PYTHON, "-m", "ruff"]
# djade sees to what stands inside template tags, djhtml to the indentation, which djade leaves.
DJADE = [str(Path(PYTHON).parent / "djade"), "--target-version", "5.2"]
DJHTML = [PYTHON, "-m", "djhtml", "--tabwidth", "2"]
NU_VERSION = "26.9.27"  # of the npm package vnu-jar
COVERAGE = ["--cov", "--cov-report=term:skip-covered"]
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# What decides how the platform runs is set by each step, never by the shell it is started from.
PROJECT_VARIABLES = {
    "ADMIN_HOST",
    "DATABASE_URL",
    "DATA_DIR",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "DEMO",
    "DNS_SERVERS",
    "EMAIL_URL",
    "FRONTEND_CACHE",
    "MACHINE_TOKEN",
    "MEDIA_STORAGE_URL",
    "PAGE_CACHE",
    "PAGE_CACHE_MB",
    "PLATFORM_ADDRESSES",
    "PLATFORM_HOST",
    "PORT",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECURE_SSL_REDIRECT",
    "STORAGE_QUOTA",
    "TRUSTED_PROXIES",
    "WORK_IN_APP",
}
Environment = dict[str, str]


class StepFailed(Exception):
    """A step failed; it has printed why."""


def main() -> None:
    options = parse_arguments()
    services.unwind_on_signals()
    os.chdir(ROOT)
    try:
        if options.mend:
            mend()
            return
        if not options.stack:
            check()
        if not options.checks_only:
            stacks = [options.stack] if options.stack else ["full", "embedded"]
            test(stacks, [*(COVERAGE if options.coverage else []), *options.pytest])
    except services.ServiceError as error:
        sys.exit(str(error))
    except StepFailed as failure:
        sys.exit(str(failure))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checks-only", action="store_true", help="run the checks, no test")
    parser.add_argument("--mend", action="store_true", help="let the formatters change the files")
    parser.add_argument("--stack", choices=["full", "embedded"], help="run one stack's tests alone")
    parser.add_argument(
        "--coverage", action="store_true", help="tell which branches no test takes: twice the time"
    )
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    return parser.parse_args()


def mend() -> None:
    """Let the tools change the files; what they cannot mend, they list themselves."""
    # Their exit codes differ: djade counts a mended file as a failure.
    run([*RUFF, "check", "--fix", "."])
    run([*RUFF, "format", "."])
    if templates():
        run([*DJADE, *templates()])
        run([*DJHTML, *templates()])


def check() -> None:
    """Run what needs no test: style, Django's own checks, types."""
    step("ruff check", [*RUFF, "check", "."])
    step("ruff format", [*RUFF, "format", "--check", "."])
    if templates():
        step("djade", [*DJADE, "--check", *templates()])
        step("djhtml", [*DJHTML, "--check", *templates()])
    with tempfile.TemporaryDirectory(prefix="blogs-checks-") as folder:
        at_home = environment(DATA_DIR=folder)
        with beside("mypy", [PYTHON, "-m", "mypy"], at_home):
            check_settings(folder, at_home)
            check_pages(Path(folder), at_home)


def check_settings(folder: str, at_home: Environment) -> None:
    in_production = environment(
        DATA_DIR=folder,
        DATABASE_URL=f"sqlite:///{folder}/production.sqlite3",
        EMAIL_URL="smtp://mail.example:25",
        PLATFORM_HOST="blogs.example",
        SECRET_KEY=secrets.token_urlsafe(60)[:60],
    )
    manage = [PYTHON, "manage.py"]
    step("manage.py check", [*manage, "check"], at_home)
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    step("manage.py check --deploy", deploy, in_production)
    migrations = [*manage, "makemigrations", "--check", "--dry-run"]
    step("manage.py makemigrations --check", migrations, at_home)


def check_pages(folder: Path, env: Environment) -> None:
    """Make every kind of page, in every theme, and have the Nu HTML checker read them."""
    static = [PYTHON, "manage.py", "collectstatic", "-v0", "--no-input"]
    step("manage.py collectstatic", static, env)
    step("manage.py migrate", [PYTHON, "manage.py", "migrate", "-v0"], env)
    for theme in sorted(path.parent.name for path in Path("themes").glob("*/theme.toml")):
        if theme != "platform":
            keep = ["--keep", str(folder / "pages" / theme)]
            step(f"check_theme {theme}", [PYTHON, "manage.py", "check_theme", theme, *keep], env)
    keep = ["--keep", str(folder / "pages" / "platform")]
    step("check_platform", [PYTHON, "manage.py", "check_platform", *keep], env)
    if jar := nu_html_checker():
        nu = ["java", "-jar", str(jar), "--errors-only", "--skip-non-html"]
        step("Nu HTML checker", [*nu, str(folder / "pages")])


def nu_html_checker() -> Path | None:
    """Return the checker's jar, which npm brings; without Java or npm, say so and go on."""
    jar = Path(PYTHON).parent.parent / "nu-html-checker" / NU_VERSION / "vnu.jar"
    if not shutil.which("java") or not (jar.exists() or shutil.which("npm")):
        print(
            "!! There is no Java or no npm, so NO PAGE IS READ BY THE NU HTML CHECKER.", flush=True
        )
        return None
    if not jar.exists():
        with tempfile.TemporaryDirectory() as folder:
            pack = ["npm", "pack", "--silent", f"vnu-jar@{NU_VERSION}"]
            fetched = subprocess.run(pack, cwd=folder, stdout=subprocess.DEVNULL, check=False)
            if fetched.returncode:
                print("!! npm can't bring vnu-jar, so NO PAGE IS READ BY THE NU HTML CHECKER.")
                return None
            with opened(Path(folder) / f"vnu-jar-{NU_VERSION}.tgz") as archive:
                archive.extract("package/build/dist/vnu.jar", folder)
            jar.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder) / "package/build/dist/vnu.jar", jar)
    return jar


def templates() -> list[str]:
    found = [*Path().glob("*/templates/**/*.html"), *Path("themes").glob("*/templates/**/*.html")]
    return sorted(map(str, found))


def test(stacks: list[str], pytest_arguments: list[str]) -> None:
    """Run the tests on each stack."""
    require_chromium()
    require_pictures()
    # More than there are cores, since a worker with a browser or a server often waits.
    workers = (os.cpu_count() or 1) + 2
    pytest = [PYTHON, "-m", "pytest", f"--numprocesses={workers}"]
    # A class or module stays with one worker, in the order of conftest.py.
    pytest += ["--dist=loadscope", "--no-loadscope-reorder"]
    for stack in stacks:
        with stack_environment(stack) as env:
            step(f"pytest on the {stack} stack", [*pytest, *pytest_arguments], env, closing=False)


@contextmanager
def stack_environment(stack: str) -> Iterator[Environment]:
    """Give the variables of a stack, whose servers run as long as the context lasts.

    ``embedded`` is SQLite, the in-process cache and files on disk. ``full`` is PostgreSQL, Redis
    and an object store: those that DATABASE_URL, REDIS_URL and MEDIA_STORAGE_URL name, else servers
    started for this run.
    """
    with ExitStack() as started:
        folder = started.enter_context(tempfile.TemporaryDirectory(prefix="blogs-data-"))
        if stack == "embedded":
            yield environment(DATA_DIR=folder)
            return
        database_url = os.environ.get("DATABASE_URL", "")
        if not database_url.startswith(("postgres:", "postgresql:")):
            database_url = started.enter_context(services.postgres())
        redis_url = os.environ.get("REDIS_URL") or started.enter_context(services.redis())
        files_url = os.environ.get("MEDIA_STORAGE_URL")
        yield environment(
            DATA_DIR=folder,
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            MEDIA_STORAGE_URL=files_url or started.enter_context(services.object_store()),
        )


def environment(**variables: str) -> Environment:
    kept = {name: value for name, value in os.environ.items() if name not in PROJECT_VARIABLES}
    return {**kept, "DJANGO_SETTINGS_MODULE": "blogsite.settings", **variables}


def require_chromium() -> None:
    """See that the browser tests find Chromium, installing Debian's where that is ours to do."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        step("installing Chromium: package list", ["apt-get", "-qq", "update"], quiet)
        install = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "install", "-y"]
        step("installing Chromium", [*install, "--no-install-recommends", "chromium"], quiet)
        return
    print("!! There is no Chromium, so NO TEST IN A BROWSER WILL RUN. Install it, or name it in")
    print("!! CHROMIUM (the path of a Chromium or Chrome program).", flush=True)
    if IN_CI:
        raise StepFailed("CI runs every test: a missing browser is a failure there.")


def require_pictures() -> None:
    """See that the tests find Pillow's collection of broken pictures, which its sources bring."""
    version = importlib.metadata.version("pillow")
    folder = Path(PYTHON).parent.parent / "broken-pictures" / version
    if not folder.exists():
        with tempfile.TemporaryDirectory() as place:
            pip = [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=pillow"]
            subprocess.run([*pip, f"pillow=={version}"], cwd=place, check=False)
            if not (archive := Path(place) / f"pillow-{version}.tar.gz").exists():
                print("!! Pillow's sources can't be had, so NO BROKEN PICTURE WILL BE TRIED.")
                if IN_CI:
                    raise StepFailed("CI runs every test: missing pictures are a failure there.")
                return
            with opened(archive) as sources:
                images = f"pillow-{version}/Tests/images"
                chosen = [each for each in sources.getmembers() if each.name.startswith(images)]
                sources.extractall(place, chosen)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(place) / images, folder)
    os.environ["PICTURE_CORPUS"] = str(folder)


@contextmanager
def opened(archive: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive, of which nothing is written elsewhere (PEP 706; Python 3.11.4 or newer)."""
    with tarfile.open(archive) as opened:
        if hasattr(tarfile, "data_filter"):
            opened.extraction_filter = tarfile.data_filter
        yield opened


def step(
    name: str, command: list[str], env: Environment | None = None, *, closing: bool = True
) -> None:
    """Run a command under a headline; ``closing=False`` leaves the last words to the command."""
    print(f"── {name}", flush=True)
    began = time.monotonic()
    returncode = run(command, env)
    if returncode and not closing:
        sys.exit(returncode)
    if returncode:
        raise StepFailed(f"── {name} FAILED")
    if closing:
        print(f"   {time.monotonic() - began:.1f} s", flush=True)


@contextmanager
def beside(name: str, command: list[str], env: Environment) -> Iterator[None]:
    """Run a command that keeps one processor busy while other steps run, and then tell of it."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, env=env, stdout=words, stderr=subprocess.STDOUT)
        try:
            yield
            returncode = process.wait()
        finally:
            process.kill()
            process.wait()
        words.seek(0)
        print(f"── {name}\n{words.read().decode()}", end="", flush=True)
    if returncode:
        raise StepFailed(f"── {name} FAILED")


def run(command: list[str], env: Environment | None = None) -> int:
    """Run a command in a session of its own, and see that nothing of it survives a signal."""
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        return process.wait()
    except SystemExit:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        raise


if __name__ == "__main__":
    main()
