"""What granian's log leaves out (`granian.json` names this module)."""

from logging import LogRecord

# It compares the threads with the cores, whatever else bounds them; `serve` says why so many.
ADVICE = "Configuration allows spawning"


class Settled:
    def filter(self, record: LogRecord) -> bool:
        return not str(record.msg).startswith(ADVICE)
