"""An application that does nothing: it answers each request with one page's own bytes."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_folder = Path(os.environ["BENCH"])
BODY = [(_folder / "page.html.gz").read_bytes()]
HEADERS = [(name, value) for name, value in json.loads((_folder / "headers.json").read_text())]


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return BODY
