"""Commands that read a recording: events, timeline, console, network, tail."""

import sys
from collections.abc import Iterable, Iterator

import click

from rrweb_store.app import (
    App,
    json_option,
    pass_app,
    print_json,
    print_table,
    recording_argument,
    say,
)
from rrweb_store.entry import Entry, clock
from rrweb_store.events import Event, Page, event_pages, events_of
from rrweb_store.logs import LEVELS, Request, console_entries, network_entries
from rrweb_store.recording_ref import RecordingRef
from rrweb_store.safe_text import ascii_json
from rrweb_store.timeline import Timeline, timeline_entries

# Live viewing asks as often: docs/events.md.
LOOK_EVERY_S = 1.0


@click.command()
@recording_argument
@pass_app
def events(app: App, recording: str) -> None:
    """Print the events of a recording as NDJSON, one event of rrweb's a line."""
    out = sys.stdout.buffer
    is_terminal = sys.stdout.isatty()
    for line in stored_lines(app, app.ref(recording)):
        out.write((ascii_json(line) if is_terminal else line) + b"\n")
    out.flush()


@click.command()
@recording_argument
@json_option
@pass_app
def timeline(app: App, recording: str, as_json: bool) -> None:
    """Print what a person did: pages, clicks, input, and what went wrong."""
    _print_entries(timeline_entries(stored_events(app, app.ref(recording))), as_json=as_json)


@click.command()
@recording_argument
@click.option("--level", type=click.Choice(LEVELS), help="Lines of this level and above.")
@json_option
@pass_app
def console(app: App, recording: str, level: str | None, as_json: bool) -> None:
    """Print the page's console."""
    found = console_entries(stored_events(app, app.ref(recording)), level)
    _print_entries(found, as_json=as_json)


@click.command()
@recording_argument
@click.option("--failed", is_flag=True, help="Those that failed or had no answer.")
@json_option
@pass_app
def network(app: App, recording: str, failed: bool, as_json: bool) -> None:
    """Print the page's requests."""
    found = network_entries(stored_events(app, app.ref(recording)), failed=failed)
    if as_json:
        print_json(entry.to_json() for _, entry in found)
    elif rows := [_request_row(request, entry) for request, entry in found]:
        print_table(("at", "method", "status", "type", "ms", "bytes", "address"), rows)
    else:
        say(_NOTHING)


@click.command()
@recording_argument
@click.option(
    "-n", "--lines", type=click.IntRange(0), default=10, show_default=True, help="Of what was."
)
@json_option
@pass_app
def tail(app: App, recording: str, lines: int, as_json: bool) -> None:
    """Follow a recording while it is made, until it ends or Ctrl-C."""
    ref = app.ref(recording)
    watched = Timeline()
    cursor, is_first, has_ended = "", True, False
    while not has_ended:
        found: list[Entry] = []
        for page in event_pages(app.api, ref, cursor):
            cursor = page.cursor
            for event in events_of(page.lines, lambda: None):
                found += watched.see(event)
        found += watched.flush()
        has_ended = any(entry.kind == "end" for entry in found)
        shown = found[max(0, len(found) - lines) :] if is_first else found
        _print_entries(shown, as_json=as_json, is_more=True)
        sys.stdout.flush()
        is_first = False
        if not has_ended:
            app.sleep(LOOK_EVERY_S)


# -- reading ---------------------------------------------------------------------------------------


def stored_lines(app: App, ref: RecordingRef) -> Iterator[bytes]:
    """Yield the lines of a recording, and then say on stderr what is missing of it."""
    for page in stored_pages(app, ref):
        yield from page.lines


def stored_pages(app: App, ref: RecordingRef) -> Iterator[Page]:
    """Yield the pages of a recording, and then say on stderr what is missing of it."""
    skipped, missing, tail_state = 0, "", ""
    for page in event_pages(app.api, ref):
        yield page
        skipped += page.skipped
        missing, tail_state = page.missing, page.tail
    if skipped:
        say(f"{skipped} parts of the recording could not be read.")
    if missing:
        say(f"Batches that are missing: {missing}")
    if tail_state in ("partial", "unavailable"):
        say("The newest events are still on their way.")


def stored_events(app: App, ref: RecordingRef) -> Iterator[Event]:
    """Yield the events of a recording; lines that are none are counted on stderr."""
    bad = 0

    def unreadable() -> None:
        nonlocal bad
        bad += 1

    yield from events_of(stored_lines(app, ref), unreadable)
    if bad:  # pyrefly: ignore[redundant-condition] - counted by `unreadable`
        say(f"{bad} lines are no events of rrweb's.")


# -- output ----------------------------------------------------------------------------------------


def _print_entries(entries: Iterable[Entry], *, as_json: bool, is_more: bool = False) -> None:
    if as_json:
        print_json(entry.to_json() for entry in entries)
        return
    is_empty = True
    for entry in entries:
        is_empty = False
        at, kind, text = entry.columns(2000)
        click.echo(f"{at}  {click.style(kind, fg=_COLOURS.get(entry.kind))} {text}")
    if is_empty and not is_more:
        say(_NOTHING)


_NOTHING = "The recording has nothing of this."


_COLOURS = {
    "error": "red",
    "console error": "red",
    "failed request": "red",
    "rage click": "red",
    "warn": "yellow",
    "dead click": "yellow",
    "page": "cyan",
    "event": "green",
}


def _request_row(request: Request, entry: Entry) -> tuple[object, ...]:
    return (
        clock(entry.at_ms),
        request.method,
        request.status or request.error or "no answer",
        request.kind,
        f"{request.duration_ms:.0f}",
        "" if request.size is None else request.size,
        request.address,
    )
