"""Entry: one line of what happened in a recording."""

import math
from dataclasses import dataclass, field
from typing import Any

from rrweb_store.safe_text import printable


@dataclass(frozen=True, kw_only=True)
class Entry:
    at_ms: float
    """Since the first event of the recording."""
    timestamp: float
    """By the page's own clock, in milliseconds since the epoch."""
    kind: str
    text: str
    """For people. It may hold anything that the page has, so it is made harmless when shown."""
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    """What programs get besides."""

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "atMs": round(self.at_ms),
            "timestamp": round(self.timestamp),
            "kind": self.kind,
            "text": self.text,
            **self.more,
        }

    def columns(self, most_text: int) -> tuple[str, str, str]:
        """Return what a line for people holds, each made harmless."""
        kind = f"{printable(self.kind, 16):<14}"
        return f"{clock(self.at_ms):>9}", kind, printable(self.text, most_text)


def clock(ms: float) -> str:
    """Return a moment of a recording.

    >>> clock(75_250), clock(3_600_000), clock(-500)
    ('1:15.2', '1:00:00.0', '-0:00.5')
    """
    tenths = abs(int(ms)) // 100
    seconds, tenth = divmod(tenths, 10)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    start = f"{hours}:{minute:02}" if hours else f"{minute}"
    return f"{'-' if ms < 0 else ''}{start}:{second:02}.{tenth}"


def length(ms: float) -> str:
    """Return a length of time in words.

    >>> length(850), length(4_200), length(754_000), length(7_300_000)
    ('850 ms', '4.2 s', '12 min 34 s', '2 h 1 min')
    """
    if not math.isfinite(ms):
        return "?"
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 60_000:
        return f"{ms / 1000:.1f} s"
    minutes, seconds = divmod(int(ms // 1000), 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60} h {minutes % 60} min"
