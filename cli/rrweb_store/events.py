"""Events of a recording, page by page, as the store has them."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

from rrweb_store.api import Api
from rrweb_store.errors import StoreError
from rrweb_store.recording_ref import RecordingRef

Event = dict[str, Any]
"""An rrweb event: `type`, `timestamp` and mostly `data`. Any client may have written it."""

_HIGHEST_TYPE = 7
# ECMAScript's last moment; a player could not show a later one.
_MAX_DATE_MS = 8_640_000_000_000_000


@dataclass(frozen=True, kw_only=True)
class Page:
    lines: list[bytes]
    """One event each, without its newline."""
    cursor: str
    has_more: bool
    skipped: int
    """Parts of the page that the store could not read."""
    missing: str
    """Sequences that are missing so far, such as `3-5,9`."""
    tail: str


def event_pages(api: Api, ref: RecordingRef, cursor: str = "") -> Iterator[Page]:
    """Yield the pages from a cursor on, until no more events are there."""
    rest = b""
    while True:
        answer = api.call(
            ref.operation("getEvents"),
            ref.path,
            query={"cursor": cursor} if cursor else {},
            # With this first the answer is gzipped, in the largest pages.
            headers={"Accept": "application/gzip"},
        )
        cursor = answer.headers.get("Next-Cursor", "")
        has_more = answer.headers.get("Has-More") == "true"
        if not cursor:
            raise StoreError("the store answered without Next-Cursor: is it a store's API?")
        # An event that is larger than an answer goes over several: only its end has a newline.
        *lines, rest = (rest + answer.content).split(b"\n")
        skipped = answer.headers.get("Events-Skipped", "0")
        yield Page(
            lines=[line for line in lines if line],
            cursor=cursor,
            has_more=has_more,
            skipped=int(skipped) if skipped.isdigit() else 0,
            missing=answer.headers.get("Missing-Sequences", ""),
            tail=answer.headers.get("Tail", ""),
        )
        if not has_more:
            return


def event_of(line: bytes) -> Event | None:
    """Return the event of a line; None if it is none that a player could use."""
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if is_event(value) else None


def is_event(value: object) -> TypeGuard[Event]:
    """Return whether a JSON value is an event of rrweb.

    >>> is_event({"type": 4, "timestamp": 1, "data": {}}), is_event({"type": "4", "timestamp": 1})
    (True, False)
    """
    if not isinstance(value, dict):
        return False
    event = cast("Event", value)
    kind, timestamp = event.get("type"), event.get("timestamp")
    if isinstance(kind, bool) or not isinstance(kind, int) or not 0 <= kind <= _HIGHEST_TYPE:
        return False
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return False
    return 0 <= timestamp <= _MAX_DATE_MS


def events_of(lines: Iterable[bytes], unreadable: Callable[[], None]) -> Iterator[Event]:
    """Yield the events of lines, and tell of each line that has none."""
    for line in lines:
        event = event_of(line)
        if event is None:
            unreadable()
        else:
            yield event
