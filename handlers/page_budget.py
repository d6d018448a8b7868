"""What one page may cost, whatever clients have stored."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

# API Gateway waits 29 s for a page. After this long no batch is opened any more: the one that is
# open, with up to 32 MiB of JSON, and what the machine does besides, have the rest.
PAGE_SECONDS = 10.0
# After this long no object is read any more, so that what has been read can be packed.
READ_SECONDS = 5.0
# Batches that a page holds as they were sent. Those of 5 MB of gzip take about as much.
MAX_KEPT_BYTES = 32 * 1024 * 1024
# What Python takes for a batch besides its body: the smallest are 100 bytes in an object.
BATCH_BYTES = 1000
# Content of the batches that a page opens, and what Python takes for it. An answer holds 32 MiB.
MAX_OPENED_BYTES = 48 * 1024 * 1024


@dataclass(slots=True)
class PageBudget:
    """Counts what a page has cost. Each kind of work does its first step whatever it costs."""

    clock: Callable[[], float]
    started: float
    kept_bytes: int = 0
    opened_bytes: int = 0

    @classmethod
    def from_now(cls, clock: Callable[[], float] = time.time) -> Self:
        """Return the budget of a page that starts now."""
        return cls(clock, clock())

    @property
    def may_read(self) -> bool:
        """Return whether another object may be read."""
        return self.kept_bytes < MAX_KEPT_BYTES and self._seconds < READ_SECONDS

    @property
    def may_open(self) -> bool:
        """Return whether another batch may be opened."""
        return self.opened_bytes < MAX_OPENED_BYTES and self.has_time

    @property
    def has_time(self) -> bool:
        return self._seconds < PAGE_SECONDS

    @property
    def _seconds(self) -> float:
        return self.clock() - self.started
