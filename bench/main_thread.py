"""What a page's main thread took."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class MainThread:
    """The time of all tasks of a page's main thread: Chromium's TaskDuration."""

    wall_ms: float
    """By the clock: it also counts waiting, for other processes or for a busy machine."""
    cpu_ms: float
    """Of the processor."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "MainThread":
        """Return it from what web/peers/measure.mjs says."""
        return cls(wall_ms=row["taskMs"], cpu_ms=row["cpuMs"])

    def __sub__(self, page: "MainThread") -> "MainThread":
        """Return the part of a recorder, without that of the page itself."""
        return MainThread(wall_ms=self.wall_ms - page.wall_ms, cpu_ms=self.cpu_ms - page.cpu_ms)
