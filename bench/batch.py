"""A batch as a recorder sends it: consecutive events of a real session, gzipped."""

import gzip
from dataclasses import dataclass

from sandbox.program import PROJECT

SESSION = PROJECT / "tests" / "data" / "session.ndjson"


@dataclass(frozen=True, kw_only=True)
class Batch:
    body: bytes
    """Gzipped NDJSON."""
    events: int
    text_bytes: int
    """Size before compression."""


def session_batch(gzipped_bytes: int) -> Batch:
    """Return the batch of that size which follows the snapshot of the recorded session."""
    lines = SESSION.read_bytes().rstrip(b"\n").split(b"\n")
    snapshot = max(range(len(lines)), key=lambda number: len(lines[number]))
    return batch_of(lines[snapshot + 1 :], gzipped_bytes)


def batch_of(lines: list[bytes], gzipped_bytes: int) -> Batch:
    """Return the fewest first lines that are at least so large when gzipped.

    Raises:
        ValueError: All lines together are smaller.
    """
    for events in range(1, len(lines) + 1):
        text = b"\n".join(lines[:events])
        body = gzip.compress(text, mtime=0)
        if len(body) >= gzipped_bytes:
            return Batch(body=body, events=events, text_bytes=len(text))
    raise ValueError(f"{len(lines)} lines are less than {gzipped_bytes} bytes when gzipped")
