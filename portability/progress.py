"""How far a long job is: one line that changes on a terminal, a line now and then elsewhere."""

import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Call it with how many are done of how many."""

    def __init__(self, out: TextIO, label: str) -> None:
        self.out, self.label = out, label
        self._told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        is_last = done >= total
        now = time.monotonic()
        is_terminal = self.out.isatty()
        if not is_last and now - self._told_at < (0.1 if is_terminal else SECONDS_BETWEEN_LINES):
            return
        self._told_at = now
        line = f"{self.label}: {done} of {total}"
        if is_terminal:
            self.out.write(f"\r{line}" + ("\n" if is_last else ""))
        else:
            self.out.write(f"{line}\n")
        self.out.flush()
