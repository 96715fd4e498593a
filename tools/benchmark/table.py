"""The candidates, measured in turns: so many rounds over all of them, and the median of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median

import services

from benchmark import http, load, nginx
from benchmark.names import MANY, host_of, path_of
from benchmark.stack import PLATFORM, Server, Stack, databases

ENTRIES_ASKED = 50
PATIENCE, MORE_PATIENCE = 2, 6
BARE = "a bare Django view on the same granian"
BARE_GUNICORN = "a bare Django view on gunicorn (2 workers of 4 threads)"


@dataclass
class Candidate:
    """Something that answers, and the requests that it is measured by."""

    name: str
    server: Server
    paths: list[str]
    host: str = PLATFORM
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    patience: int = 1  # by how much longer it is measured, since it answers so seldom
    cache: str = ""  # what its X-Cache said
    runs: list[load.Measured] = field(default_factory=list)

    def middle(self, figure: str) -> float:
        return median(getattr(run, figure) for run in self.runs)

    @property
    def failed(self) -> str:
        """What went wrong, in words; empty if nothing did."""
        refused = sum(run.refused for run in self.runs)
        broken = sum(run.broken for run in self.runs)
        return f"{refused} REFUSED, {broken} BROKEN OFF" if refused or broken else ""

    def check(self) -> None:
        """See that each request is answered as expected, so that no error page is measured.

        Raises:
            RuntimeError: one isn't.
        """
        client = http.Client(self.server.port)
        for path in [*self.paths, self.paths[0]]:  # the second time is the one that counts
            sent = {name.replace("-", "_"): value for name, value in self.headers.items()}
            answer = client.get(self.host, path, **sent)
            if answer.status != self.status:
                raise RuntimeError(f"{self.name}: {path} answers {answer.status}.")
            self.cache = answer.headers.get("x-cache", "")


@contextmanager
def candidates(stack: Stack, facts: dict) -> Iterator[list[Candidate]]:
    """Start every server, and give what is measured on them."""
    with ExitStack() as started:
        ours = started.enter_context(stack.ours())
        uncached = started.enter_context(stack.ours(PAGE_CACHE="off"))
        host, entry = host_of(MANY), path_of(MANY, 1)
        page = http.Client(ours.port).get(host, entry)
        keep_answer(stack, page)
        folder = str(stack.folder)
        made = {
            "same_bytes": stack.granian(ours, "benchmark.same_bytes:application", BENCH=folder),
            "bare": stack.granian(ours, "benchmark.bare:application", BENCH=folder),
            "gunicorn": stack.gunicorn("benchmark.bare:application", BENCH=folder),
            "cached": stack.granian(
                ours, "benchmark.bare:application", BENCH=folder, BARE_CACHE=stack.redis_url
            ),
        }
        servers = {name: started.enter_context(server) for name, server in made.items()}
        entries = [path_of(MANY, number) for number in range(1, ENTRIES_ASKED + 1)]
        signed_in = {"Cookie": facts["cookie"]}
        known = {"If-None-Match": page.headers["etag"]}
        yield [
            Candidate("an application that only sends our bytes", servers["same_bytes"], ["/"]),
            Candidate(BARE, servers["bare"], ["/"]),
            Candidate(BARE_GUNICORN, servers["gunicorn"], ["/"]),
            Candidate("Django's site cache around it, on Redis", servers["cached"], ["/"]),
            *with_nginx(stack, started, ours, host, entry),
            Candidate("our hit", ours, [entry], host),
            Candidate("our 304", ours, [entry], host, known, status=304),
            *(
                Candidate(name, uncached, paths, host, patience=PATIENCE)
                for name, paths in {
                    "our miss: entry": entries,
                    "our miss: index": ["/"],
                    "our miss: feed": ["/feed/"],
                    "our search, never kept": ["/search/?q=bridges+fog"],
                }.items()
            ),
            *(
                Candidate(name, ours, [path], headers=signed_in, patience=MORE_PATIENCE)
                for name, path in {
                    "signed in: the start page": "/admin/",
                    "signed in: an entry's form": f"/admin/pages/{facts['many']['entry']}/edit/",
                }.items()
            ),
        ]


def keep_answer(stack: Stack, page: http.Answer) -> None:
    """Write a page down for the servers that send it, or as much, without making it."""
    kept = {"content-type", "content-encoding", "etag", "cache-control", "vary"}
    headers = [(name, value) for name, value in page.headers.items() if name in kept]
    headers.append(("content-length", str(len(page.body))))
    (stack.folder / "headers.json").write_text(json.dumps(headers))
    (stack.folder / "page.html.gz").write_bytes(page.body)
    (stack.folder / "page.html").write_text(page.text)


def with_nginx(
    stack: Stack, started: ExitStack, ours: Server, host: str, entry: str
) -> Iterator[Candidate]:
    if not nginx.is_here():
        return
    port = services.free_port()
    command = nginx.file_server(stack.folder, port)
    files = started.enter_context(stack.serve("nginx", command, port))
    yield Candidate("nginx that sends a file", files, ["/"])
    port = services.free_port()
    command = nginx.in_front(stack.folder, port, ours.port)
    front = started.enter_context(stack.serve("nginx", command, port))
    front.pids += ours.pids
    yield Candidate("our hit behind nginx with deploy/nginx.conf", front, [entry], host)


def measure(stack: Stack, facts: dict, rounds: int, seconds: int) -> list[Candidate]:
    with candidates(stack, facts) as measured:
        for candidate in measured:
            candidate.check()
        for number in range(1, rounds + 1):
            print(f"  round {number} of {rounds}", flush=True)
            for candidate in measured:
                candidate.runs.append(run(candidate, seconds))
        return measured


def run(candidate: Candidate, seconds: int) -> load.Measured:
    headers = {"Host": candidate.host, "Accept-Encoding": "gzip", **candidate.headers}
    server = candidate.server
    seconds *= candidate.patience
    return load.press(server.port, candidate.paths, headers, seconds, server.pids, databases())


def lines(measured: list[Candidate]) -> list[list[str]]:
    """Return the table: a headline, and a line for each candidate."""
    cost = {each.name: each.middle("server") for each in measured}
    figures = ["µs a request", "databases", "a bare view is", "on gunicorn"]
    table = [["what", *figures, "a second", "p50", "p99"]]
    for each in measured:
        ratios = [f"{cost[bare] / cost[each.name]:.3g}" for bare in (BARE, BARE_GUNICORN)]
        name = f"{each.name} ({each.cache})" if each.cache else each.name
        if each.failed:
            name += f" !! {each.failed}"
        costs = [f"{cost[each.name]:,.0f}", f"{each.middle('databases'):,.0f}"]
        times = [f"{each.middle(figure):.1f} ms" for figure in ("p50", "p99")]
        table.append([name, *costs, *ratios, f"{each.middle('rate'):,.0f}", *times])
    return table
