"""Tools that read what happened in a recording: read_timeline, read_console, read_network."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rrweb_store.agent.answers import (
    Answer,
    Marked,
    Output,
    PagedInput,
    Row,
    cut,
    first_of,
    harmless,
    marked,
    next_of,
)
from rrweb_store.agent.tool import Desk, RecordingName, Tool
from rrweb_store.entry import Entry
from rrweb_store.errors import BadInputError
from rrweb_store.events import Event
from rrweb_store.logs import Request, console_entries, network_entries
from rrweb_store.timeline import timeline_entries

MOST_TEXT = 600
_MOST_FRAMES = 5
Milliseconds = Annotated[int, Field(ge=0, le=2**53)]


class RangeInput(PagedInput):
    recording: RecordingName
    from_ms: Annotated[
        Milliseconds | None, Field(description="Not before, since the recording's start.")
    ] = None
    to_ms: Annotated[
        Milliseconds | None, Field(description="Not after, since the recording's start.")
    ] = None
    at_ms: Annotated[
        Milliseconds | None,
        Field(description="Around this moment, in place of `fromMs` and `toMs`."),
    ] = None
    around_ms: Annotated[Milliseconds, Field(description="How far before and after `atMs`.")] = (
        10_000
    )

    def holds(self) -> Callable[[float], bool]:
        """Return whether a time since the start is wanted."""
        if self.at_ms is not None:
            if self.from_ms is not None or self.to_ms is not None:
                raise BadInputError("give either atMs, or fromMs and toMs")
            low, high = self.at_ms - self.around_ms, self.at_ms + self.around_ms
        else:
            low = self.from_ms or 0
            high = 2**53 if self.to_ms is None else self.to_ms
        # The console and requests of a page may be older than its first event.
        is_all = low == 0 and self.at_ms is None
        return lambda at: (is_all or at >= low) and at <= high


class ConsoleInput(RangeInput):
    level: Annotated[
        Literal["debug", "log", "info", "warn", "error"] | None,
        Field(description="This level and above."),
    ] = None


class NetworkInput(RangeInput):
    failed: Annotated[bool, Field(description="Only a status of 400 or more, or no answer.")] = (
        False
    )
    status: Annotated[
        str | None,
        Field(pattern="^([1-5][0-9][0-9]|[1-5]xx|0)$", description="500, 4xx; 0 for no answer."),
    ] = None


class EntryRow(Output):
    at_ms: Annotated[int, Field(description="Since the recording's start.")]
    kind: str
    text: str
    node_id: Annotated[int | None, Field(description="Of see_page's `node`.")] = None
    address: str | None = None
    method: str | None = None
    status: Annotated[int | None, Field(description="0 without an answer.")] = None
    duration_ms: int | None = None
    error: str | None = None
    trace: list[str] | None = None


def read_timeline(desk: Desk, given: RangeInput) -> Answer:
    return _answer(desk, "read_timeline", given, timeline_entries)


def read_console(desk: Desk, given: ConsoleInput) -> Answer:
    return _answer(desk, "read_console", given, lambda events: console_entries(events, given.level))


def read_network(desk: Desk, given: NetworkInput) -> Answer:
    def entries(events: Iterable[Event]) -> Iterator[Entry]:
        for request, entry in network_entries(events, failed=given.failed):
            if _has_status(request, given.status):
                yield entry

    return _answer(desk, "read_network", given, entries)


def _has_status(request: Request, status: str | None) -> bool:
    if status is None:
        return True
    said = str(request.status)
    return said[:1] == status[0] and len(said) == 3 if status.endswith("xx") else said == status


def _answer(
    desk: Desk,
    tool: str,
    given: RangeInput,
    entries: Callable[[Iterable[Event]], Iterator[Entry]],
) -> Answer:
    holds, first = given.holds(), first_of(tool, given)
    reading = desk.read(given.recording)
    rows = (_row(entry) for entry in entries(reading.events()) if holds(entry.at_ms))
    shown, rest = cut(rows, first, given.max_characters)
    next_, notes = next_of(tool, given, rest), reading.notes
    return Answer(
        output=Marked[list[EntryRow]](
            recorded=[row.value for row in shown], next=next_, notes=notes or None
        ),
        text=marked(
            (row.line for row in shown),
            next_=next_,
            notes=notes,
            empty="The recording has nothing of this there.",
        ),
    )


def _row(entry: Entry) -> Row:
    at, kind, text = entry.columns(MOST_TEXT)
    told = entry.to_json()
    node = told.get("nodeId")
    frames: list[str] = harmless(told.get("trace") or [])[:_MOST_FRAMES]
    row = EntryRow(
        at_ms=told["atMs"],
        kind=kind.strip(),
        text=text,
        node_id=node if isinstance(node, int) and abs(node) < 2**53 else None,
        address=harmless(told.get("address"), 400) or None,
        method=harmless(told.get("method"), 20),
        status=told.get("status"),
        duration_ms=told.get("durationMs"),
        error=harmless(told.get("error")),
        trace=frames if frames and entry.kind in ("warn", "error") else None,
    )
    traced = f" ({' < '.join(row.trace)})" if row.trace else ""
    return Row(f"{at}  {kind} {text}{traced}", row)


READ_TOOLS: tuple[Tool[Any], ...] = (
    Tool(
        name="read_timeline",
        title="Read what a person did",
        description=(
            "Read what a person did in a recording, as text in order: visited pages, clicks, "
            "typed and chosen values (asterisks stand for what was masked), scrolling, and what "
            "went wrong: errors, failed requests, rage clicks, dead clicks. Start here."
        ),
        given=RangeInput,
        output=Marked[list[EntryRow]],
        run=read_timeline,
    ),
    Tool(
        name="read_console",
        title="Read the console",
        description=(
            "Read the lines of the page's console, if the site records them: in all of a "
            "recording, in a range, or around a moment."
        ),
        given=ConsoleInput,
        output=Marked[list[EntryRow]],
        run=read_console,
    ),
    Tool(
        name="read_network",
        title="Read the requests",
        description=(
            "Read the requests of the page, if the site records them: method, address, status "
            "and time, without bodies and headers; in all of a recording, in a range, or around "
            "a moment."
        ),
        given=NetworkInput,
        output=Marked[list[EntryRow]],
        run=read_network,
    ),
)
