"""Readings: recordings as they were read last, so that the next page of an answer costs little."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rrweb_store.api import Api
from rrweb_store.events import Event, Page, event_pages, events_of
from rrweb_store.recording_ref import RecordingRef
from rrweb_store.safe_text import printable

# What the server holds in memory: recordings, and bytes of each.
_MOST_RECORDINGS = 2
MOST_BYTES = 128_000_000


@dataclass
class Reading:
    """The events of a recording, as they are stored."""

    lines: list[bytes] = field(default_factory=list[bytes])
    cursor: str = ""
    size: int = 0
    skipped: int = 0
    missing: str = ""
    tail: str = ""

    def events(self) -> Iterator[Event]:
        return events_of(self.lines, lambda: None)

    @property
    def page(self) -> Page:
        """Return all of it as one page of events."""
        return Page(
            lines=self.lines,
            cursor=self.cursor,
            has_more=False,
            skipped=self.skipped,
            missing=self.missing,
            tail=self.tail,
        )

    @property
    def notes(self) -> list[str]:
        """Return what the recording lacks, in sentences."""
        found: list[str] = []
        if self.size >= MOST_BYTES:
            found.append(f"Only the first {MOST_BYTES / 1e6:.0f} MB were read.")
        if self.skipped:
            found.append(f"{self.skipped} parts of the recording could not be read.")
        if self.missing:
            found.append(f"Batches that are missing: {printable(self.missing, 200)}")
        if self.tail in ("partial", "unavailable"):
            found.append("The newest events are still on their way.")
        return found


class Readings:
    """Reads what is new of a recording, which may still go on."""

    def __init__(self) -> None:
        self._kept: dict[RecordingRef, Reading] = {}

    def read(self, api: Api, ref: RecordingRef) -> Reading:
        """Return a recording as it is now. The store is asked each time: it may refuse.

        Raises:
            StoreError: The recording cannot be read; nothing of it is kept then.
        """
        reading = self._kept.pop(ref, None) or Reading()
        is_full = reading.size >= MOST_BYTES
        if is_full:
            api.call(ref.operation("getRecording"), ref.path)
        for page in () if is_full else event_pages(api, ref, reading.cursor):
            reading.lines += page.lines
            reading.cursor = page.cursor
            reading.size += sum(map(len, page.lines))
            reading.skipped += page.skipped
            reading.missing, reading.tail = page.missing, page.tail
            if reading.size >= MOST_BYTES:
                break
        self._kept[ref] = reading
        for oldest in list(self._kept)[:-_MOST_RECORDINGS]:
            del self._kept[oldest]
        return reading
