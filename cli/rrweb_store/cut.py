"""Cut: a part of a recording, from the full snapshot that its first moment needs."""

import json
import re
from dataclasses import dataclass, field

from rrweb_store.events import Event, event_of
from rrweb_store.json_values import object_of
from rrweb_store.safe_text import printable

META, FULL_SNAPSHOT, CUSTOM = 4, 2, 5
RESOURCES_TAG = "rrweb-store:resources"
# Events with these tags hold for all that follows, and are told once: which bytes the files of the
# page have, and how the visitor's browser answers media queries.
_LASTING_TAGS = (RESOURCES_TAG, "rrweb-store:media")

# What the replay site reads as `?t=`.
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,3})?")
_PARTS = re.compile(
    r"(?=[0-9])(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,7}(?:\.[0-9]{1,3})?)s)?",
    re.IGNORECASE,
)


def moment_ms(text: str) -> int:
    """Return the milliseconds of a moment of a recording.

    >>> moment_ms("75.5"), moment_ms("1m15s"), moment_ms("1h2m3s")
    (75500, 75000, 3723000)

    Raises:
        ValueError: It is none.
    """
    if _SECONDS.fullmatch(text):
        return round(float(text) * 1000)
    found = _PARTS.fullmatch(text)
    if not found:
        raise ValueError(
            f"{printable(text, 60)} is no moment of a recording, such as 75, 75.5, 1m15s or 1h2m3s"
        )
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return round((hours * 3600 + minutes * 60 + seconds) * 1000)


@dataclass
class Cut:
    """Takes the lines of a recording, in their order, and returns those of the part.

    The site does the same: web/site/src/one-file/cut.ts.
    """

    from_ms: float = 0.0
    """From the first event, as `to_ms`."""
    to_ms: float = float("inf")
    has_begun: bool = False
    is_over: bool = False
    """What was added last is after the part."""
    last_ms: float = 0.0
    """The latest moment that was seen, in the part or not."""
    _start: float | None = None
    _first: float | None = None
    _held: list[bytes] = field(default_factory=list[bytes])
    _lasting: list[bytes] = field(default_factory=list[bytes])
    _meta: int | None = None
    """Index in `_held` of the size that precedes the next snapshot."""

    @property
    def at_ms(self) -> float:
        """The start of the part, from its first event."""
        if self._start is None or self._first is None:
            return 0.0
        return max(0.0, self._start + self.from_ms - self._first)

    def add(self, line: bytes) -> list[bytes]:
        """Return the lines that follow in the part."""
        event = event_of(line)
        at = None
        if event:
            self._start = float(event["timestamp"]) if self._start is None else self._start
            at = float(event["timestamp"]) - self._start
            self.last_ms = max(self.last_ms, at)
            if at > self.to_ms:
                self.is_over = True
                return []
        if self.has_begun:
            return [line]
        if at is None or at < self.from_ms:
            self._hold(line, event)
            return []
        before = self._begin()
        if self._first is None and event:
            self._first = float(event["timestamp"])
        return [*before, line]

    def end(self) -> list[bytes]:
        """Return what is left after the last line: all of a part in which nothing happens."""
        return [] if self.has_begun else self._begin()

    def _hold(self, line: bytes, event: Event | None) -> None:
        kind = event["type"] if event else None
        if kind == META:
            self._meta = len(self._held)
        if kind == FULL_SNAPSHOT:
            kept = len(self._held) if self._meta is None else self._meta
            self._lasting += [one for one in self._held[:kept] if _is_lasting(event_of(one))]
            self._held = self._held[kept:]
            self._meta = None
        self._held.append(line)

    def _begin(self) -> list[bytes]:
        self.has_begun = True
        first = next(filter(None, map(event_of, self._held)), None)
        if first is None:
            return self._held
        self._first = float(first["timestamp"])
        moved = (
            {**(event_of(one) or {}), "timestamp": first["timestamp"]} for one in self._lasting
        )
        return [*(json.dumps(one).encode() for one in moved), *self._held]


def _is_lasting(event: Event | None) -> bool:
    return (
        event is not None
        and event["type"] == CUSTOM
        and object_of(event.get("data")).get("tag") in _LASTING_TAGS
    )
