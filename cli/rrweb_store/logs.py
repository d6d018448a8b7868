"""Console lines and requests of a recording, from the events of rrweb's plugins."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rrweb_store.entry import Entry, length
from rrweb_store.events import Event
from rrweb_store.json_values import list_of, number_of, object_of, objects_of, shown, text_of

PLUGIN = 6
CONSOLE = "rrweb/console@1"
NETWORK = "rrweb/network@1"
LEVELS = ("debug", "log", "info", "warn", "error")
_OTHER_LEVELS = {"trace": "log", "assert": "error", "table": "log", "dir": "log"}


@dataclass(frozen=True)
class Request:
    """One request of the page; `status` 0 says that no answer came."""

    timestamp: float
    method: str
    address: str
    status: int
    kind: str
    duration_ms: float
    size: int | None
    error: str

    @property
    def failed(self) -> bool:
        return self.status >= 400 or (self.status == 0 and bool(self.error))

    @property
    def text(self) -> str:
        answer = str(self.status) if self.status else self.error or "no answer"
        return f"{self.method} {self.address} → {answer}, {length(self.duration_ms)}"


def console_entries(events: Iterable[Event], level: str | None = None) -> Iterator[Entry]:
    """Yield the lines of the console, of a level and above."""
    wanted = LEVELS[LEVELS.index(level) if level else 0 :]
    for event, start in since_start(events):
        entry = console_entry(event, start)
        if entry and (entry.kind in wanted or entry.kind not in LEVELS):
            yield entry


def network_entries(
    events: Iterable[Event], *, failed: bool = False
) -> Iterator[tuple[Request, Entry]]:
    """Yield the requests of the page; with `failed` those that failed or had no answer."""
    for event, start in since_start(events):
        for request in requests_of(event):
            if request.failed or not failed:
                yield request, request_entry(request, start)


def since_start(events: Iterable[Event]) -> Iterator[tuple[Event, float]]:
    """Yield each event with the time of the first."""
    start: float | None = None
    for event in events:
        start = float(event["timestamp"]) if start is None else start
        yield event, start


def plugin_payload(event: Event, plugin: str) -> dict[str, object] | None:
    """Return what a plugin has told in an event; None if the event is not of that plugin."""
    if event["type"] != PLUGIN:
        return None
    data = object_of(event.get("data"))
    return object_of(data.get("payload")) if data.get("plugin") == plugin else None


def console_entry(event: Event, start: float) -> Entry | None:
    """Return the line that an event has of the console."""
    payload = plugin_payload(event, CONSOLE)
    if payload is None:
        return None
    level = text_of(payload.get("level")) or "log"
    texts = [_argument(one) for one in list_of(payload.get("payload"))]
    frames = [one for one in list_of(payload.get("trace")) if isinstance(one, str)]
    at = event["timestamp"]
    return Entry(
        at_ms=at - start,
        timestamp=at,
        kind=_OTHER_LEVELS.get(level, level),
        text=" ".join(texts),
        more={"trace": frames},
    )


def requests_of(event: Event) -> Iterator[Request]:
    """Yield the requests that an event tells of."""
    payload = plugin_payload(event, NETWORK)
    for one in objects_of(payload.get("requests")) if payload else []:
        address = one.get("name")
        if not isinstance(address, str):
            continue
        size = one.get("transferSize")
        yield Request(
            timestamp=number_of(one.get("timestamp"), event["timestamp"]),
            method=text_of(one.get("method")) or "GET",
            address=address,
            status=int(number_of(one.get("status"))),
            kind=text_of(one.get("initiatorType")),
            duration_ms=number_of(one.get("duration")),
            size=int(number_of(size)) if size is not None else None,
            error=text_of(one.get("error")),
        )


def request_entry(request: Request, start: float) -> Entry:
    """Return a request as one line."""
    return Entry(
        at_ms=request.timestamp - start,
        timestamp=request.timestamp,
        kind="failed request" if request.failed else "request",
        text=request.text,
        more={
            "method": request.method,
            "address": request.address,
            "status": request.status,
            "initiatorType": request.kind,
            "durationMs": round(request.duration_ms),
            "transferSize": request.size,
            "error": request.error or None,
        },
    )


def _argument(value: object) -> str:
    """Return an argument of the console as it is read: a string without its quotes."""
    if not isinstance(value, str):
        return shown(value)
    try:
        inner: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return inner if isinstance(inner, str) else value
