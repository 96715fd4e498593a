"""What an import found, took over and left out, told for people and for programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a file. Each file that was found has exactly one."""

    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SECTION = "read for what they say of a section"
    EDITED = "left alone: its writer has changed it since"
    DELETED = "left alone: its writer has deleted it"
    FAILED = "not imported"


@dataclass(frozen=True)
class Note:
    """Something that couldn't be taken over as it was; ``line`` counts from 1, 0 for the file."""

    source: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.source}:{self.line}: {self.message}"
            if self.line
            else f"{self.source}: {self.message}"
        )


@dataclass
class Report:
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    notes: dict[Note, None] = field(default_factory=dict)  # each once, in their order
    pictures: int = 0
    redirects: int = 0
    blocks: Counter[str] = field(default_factory=Counter)
    is_stopped: bool = False
    is_rehearsal: bool = False

    def note(self, source: str, line: int, message: str) -> None:
        self.notes[Note(source, line, message)] = None

    def fail(self, source: str, line: int, message: str) -> None:
        """Give up on one file; the others go on."""
        self.outcomes[source] = Outcome.FAILED
        self.note(source, line, message)

    def count(self, outcome: Outcome) -> int:
        return sum(1 for each in self.outcomes.values() if each is outcome)

    def summary(self) -> str:
        counts = [f"{n} {outcome}" for outcome in Outcome if (n := self.count(outcome))]
        found = "1 file found" if len(self.outcomes) == 1 else f"{len(self.outcomes)} files found"
        remarks = "1 remark" if len(self.notes) == 1 else f"{len(self.notes)} remarks"
        return f"{found}: {', '.join(counts) or 'nothing to do'}; {remarks}."

    def lines(self) -> Iterator[str]:
        """Give the summary and every note, sorted by file and line."""
        yield self.summary()
        failed = {source for source, what in self.outcomes.items() if what is Outcome.FAILED}
        # First what isn't there at all.
        for note in sorted(
            self.notes, key=lambda it: (it.source not in failed, it.source, it.line)
        ):
            yield f"  {note}"

    def as_json(self) -> dict:
        return {
            "files": {source: outcome.name.lower() for source, outcome in self.outcomes.items()},
            "notes": [asdict(note) for note in self.notes],
            "blocks": dict(self.blocks),
            "pictures": self.pictures,
            "redirects": self.redirects,
        }
