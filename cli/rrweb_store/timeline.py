"""Timeline: what a person did, one line for each thing, from rrweb's events."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rrweb_store.entry import Entry, length
from rrweb_store.events import Event
from rrweb_store.json_values import number_of, object_of, shown, text_of
from rrweb_store.logs import console_entry, request_entry, requests_of
from rrweb_store.page_model import INCREMENTAL, INPUT, PageModel

META = 4
CUSTOM = 5
# Sources of incremental events: rrweb's IncrementalSource.
MOUSE_INTERACTION = 2
SCROLL = 3
RESIZE = 4
MEDIA = 7
# Mouse interactions: rrweb's MouseInteractions.
CLICK = 2
_CLICKS: Mapping[float, str] = {CLICK: "click", 3: "right click", 4: "double click"}
# Typing scrolls them.
_FIELDS = ("input", "textarea")
_MEDIA: Mapping[float, str] = {0: "plays", 1: "pauses"}

# Longer without anything from the page or the person is worth a line.
IDLE_MS = 30_000
MOST_VALUE = 80

Data = Mapping[str, Any]


def timeline_entries(events: Iterable[Event]) -> Iterator[Entry]:
    """Yield what a person did."""
    watched = Timeline()
    for event in events:
        yield from watched.see(event)
    yield from watched.flush()


class Timeline:
    """Takes events in order. What is done in one go, such as typing, is one line at its end."""

    def __init__(self) -> None:
        self._page = PageModel()
        self._start: float | None = None
        self._last = 0.0
        self._pending: tuple[object, Entry] | None = None

    def see(self, event: Event) -> Iterator[Entry]:
        """Yield the lines that are complete with this event."""
        at = float(event["timestamp"])
        if self._start is None:
            self._start = self._last = at
        if at - self._last >= IDLE_MS:
            yield from self.flush()
            yield self._entry(self._last, "idle", f"nothing for {length(at - self._last)}")
        self._last = max(self._last, at)
        self._page.see(event)
        for key, entry in self._found(event, at):
            if self._pending and (key is None or self._pending[0] != key):
                yield from self.flush()
            if key is None:
                yield entry
            else:
                self._pending = (key, entry)

    def flush(self) -> Iterator[Entry]:
        """Yield what may still have gone on."""
        if self._pending:
            yield self._pending[1]
        self._pending = None

    def _entry(self, at: float, kind: str, text: str, **more: object) -> Entry:
        return Entry(
            at_ms=at - (self._start or 0), timestamp=at, kind=kind, text=text, more=dict(more)
        )

    def _found(self, event: Event, at: float) -> Iterator[tuple[object, Entry]]:
        """Yield entries, each with what it goes on with; None for what is complete."""
        data = object_of(event.get("data"))
        if event["type"] == META:
            address = text_of(data.get("href"))
            yield None, self._entry(at, "page", address, address=address)
        elif event["type"] == INCREMENTAL:
            yield from self._action(data, at)
        elif event["type"] == CUSTOM:
            told = _TOLD.get(text_of(data.get("tag")))
            if told:
                kind, text = told(object_of(data.get("payload")), self._page)
                yield None, self._entry(at, kind, text)
        start = self._start or 0
        line = console_entry(event, start)
        if line and line.kind == "error":
            yield None, self._entry(at, "console error", line.text)
        for request in requests_of(event):
            if request.failed:
                yield None, request_entry(request, start)

    def _action(self, data: Data, at: float) -> Iterator[tuple[object, Entry]]:
        source, id_ = data.get("source"), data.get("id")
        type_ = number_of(data.get("type"), -1)
        if source == MOUSE_INTERACTION and (kind := _CLICKS.get(type_)):
            yield None, self._entry(at, kind, self._page.label(id_), nodeId=id_)
        elif source == INPUT:
            yield from self._input(data, at)
        elif source == SCROLL and self._page.tag(id_) not in _FIELDS:
            target = "" if self._page.tag(id_) in ("", "html", "body") else self._page.label(id_)
            to = f"to {number_of(data.get('y')):.0f} px"
            yield ("scroll", id_), self._entry(at, "scroll", f"{target} {to}".strip(), nodeId=id_)
        elif source == RESIZE:
            size = f"{number_of(data.get('width')):.0f} × {number_of(data.get('height')):.0f}"
            yield ("resize",), self._entry(at, "window", size)
        elif source == MEDIA and (kind := _MEDIA.get(type_)):
            yield None, self._entry(at, kind, self._page.label(id_), nodeId=id_)

    def _input(self, data: Data, at: float) -> Iterator[tuple[object, Entry]]:
        id_ = data.get("id")
        label = self._page.label(id_)
        kind = self._page.attribute(id_, "type")
        is_checked = data.get("isChecked") is True
        if kind == "radio" and not is_checked:
            return  # the other one of its group says so
        if kind in ("checkbox", "radio"):
            does = "checks" if is_checked else "unchecks"
            yield None, self._entry(at, does, label, nodeId=id_)
            return
        does = "chooses" if self._page.tag(id_) == "select" else "types"
        value = text_of(data.get("text"))
        text = f"{label}: {shortened(value)}"
        if not value:
            does, text = "clears", label
        yield ("input", id_), self._entry(at, does, text, nodeId=id_, value=value)


def shortened(text: str) -> str:
    return text if len(text) <= MOST_VALUE else f"{text[: MOST_VALUE - 1]}…"


# -- what the recorder tells in events of its own: docs/recorder.md --------------------------------

Told = Callable[[dict[str, Any], PageModel], tuple[str, str]]


def _properties(value: object) -> str:
    pairs = object_of(value).items()
    return shortened(", ".join(f"{name}: {shown(one)}" for name, one in pairs))


def _named(name: str, properties: object) -> str:
    rest = _properties(properties)
    return f"{name} ({rest})" if rest else name


def _click(payload: dict[str, Any], page: PageModel) -> tuple[str, str]:
    kind = "rage click" if payload.get("kind") == "rage" else "dead click"
    return kind, page.label(payload.get("id"))


def _error(payload: dict[str, Any], _: PageModel) -> tuple[str, str]:
    source, line = text_of(payload.get("source")), number_of(payload.get("line"))
    where = f" ({source}:{line:.0f})" if source else ""
    return "error", text_of(payload.get("message")) + where


def _vital(payload: dict[str, Any], _: PageModel) -> tuple[str, str]:
    name, value = text_of(payload.get("name")), number_of(payload.get("value"))
    measured = f"{value:.3f}" if name == "CLS" else length(value)
    return "vital", f"{name} {measured}, {text_of(payload.get('rating'))}"


_ENDS = {
    "stopped": "the recording was stopped",
    "refused": "the store refused more of the recording",
    "replaced": "another recording goes on in this tab",
}
_TOLD: dict[str, Told] = {
    "rrweb-store:user": lambda told, _: (
        "user",
        _named(text_of(told.get("user")), told.get("traits")),
    ),
    "rrweb-store:event": lambda told, _: (
        "event",
        _named(text_of(told.get("name")), told.get("properties")),
    ),
    "rrweb-store:click": _click,
    "rrweb-store:error": _error,
    "rrweb-store:vital": _vital,
    "rrweb-store:left": lambda _, __: ("leaves", "the page"),
    "rrweb-store:end": lambda told, _: (
        "end",
        _ENDS.get(text_of(told.get("reason")), "the recording has ended"),
    ),
    "rrweb-store:dropped": lambda _, __: ("gap", "events were dropped"),
}
