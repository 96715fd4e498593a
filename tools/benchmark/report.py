"""Tables for people, on the screen and in `docs/performance.md`."""

import os
import platform
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
PACKAGES = ("wagtail", "Django", "granian", "gunicorn", "django-redis")


def table(lines: list[list[str]]) -> str:
    """Return a Markdown table, whose columns are in line for those who read it as text."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rows = [_row(line, widths) for line in lines]
    first, *others = widths
    rows.insert(1, _row(["-" * first, *("-" * (width - 1) + ":" for width in others)], widths))
    return "\n".join(rows) + "\n"


def _row(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(aligned)} |"


def machine() -> str:
    """Say in a sentence what was measured on, and when."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    programs = ", ".join(filter(None, (_first_line("nginx", "-v"), _first_line("wrk", "-v"))))
    return (
        f"{date.today():%d %B %Y}: {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{_system()}, Python {platform.python_version()}, {packages}, {programs}. "
        f"The machine's load before it began was {os.getloadavg()[0]:.1f}.\n"
    )


def _processor() -> str:
    with Path("/proc/cpuinfo").open() as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _first_line(*command: str) -> str:
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (
        (told.stdout + told.stderr)
        .partition("\n")[0]
        .partition(" [")[0]
        .removeprefix("nginx version: ")
    )


def write(text: str) -> None:
    """Put the text between the marks of the page; the words around it stay."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
