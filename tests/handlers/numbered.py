"""A site's recording in memory, for tests of its pages."""

import gzip
from dataclasses import dataclass, field
from typing import Any

from handlers.answer_body import PlainBody
from handlers.cursor import cursor_from, position_from
from handlers.numbered_objects import NumberedObjects
from handlers.position import START, Position
from handlers.recording_page import RecordingPage, RecordingReader
from tests.handlers.fakes import Clock, FakeS3
from tests.handlers.given import PREFIX, RECORDING_ID, names, ndjson

MAX_PAGES = 100


@dataclass
class Site:
    """What the function sees of one recording."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.s3 = FakeS3(self.clock)

    def put(self, sequence: int, *events: object, size: int = 0) -> None:
        """Store a batch of events with these names, or of one named like the sequence."""
        body = ndjson(*({"n": name, "x": "x" * size} for name in events or (sequence,)))
        self.s3.put(f"batch/{sequence:09}", gzip.compress(body))

    def put_each(self, *sequences: int, seconds: float = 5, size: int = 0) -> None:
        """Store one batch after another."""
        for sequence in sequences:
            self.put(sequence, size=size)
            self.clock.sleep(seconds)

    def page(self, after: Position = START, max_bytes: int | None = None) -> RecordingPage:
        """Return the next page, with its position as a cursor brings it back."""
        objects = NumberedObjects(self.s3, "bucket", f"{PREFIX}/batch/")
        reader = RecordingReader(objects, None, clock=self.clock)
        found = reader.page(after, PlainBody() if max_bytes is None else PlainBody(max_bytes))
        cursor = cursor_from(found.position, RECORDING_ID)
        return found._replace(position=position_from(cursor, RECORDING_ID))

    def all_pages(self, after: Position = START) -> list[RecordingPage]:
        """Return the pages that there are now."""
        pages = [self.page(after)]
        while pages[-1].has_more:
            assert len(pages) < MAX_PAGES, "it never ends"
            pages.append(self.page(pages[-1].position))
        return pages


def names_of(*pages: RecordingPage) -> list[Any]:
    """Return the names of the events on some pages."""
    return [name for page in pages for name in names(page.body)]
