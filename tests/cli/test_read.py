"""Reading a recording: all of it, in order, to stdout or into a file that is whole or not there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from rrweb_store.read_commands import LOOK_EVERY_S
from tests.cli.fake_store import FakeStore, Terminal, events_page, json_answer, problem

EVENTS = ("GET", "/v1/recordings/a/events")
FOUND = json_answer({"recordingId": "a", "createdAtMs": 1, "hasScreenshot": False})


def event(at: float, type_: int = 4, **data: Any) -> dict[str, Any]:
    return {"type": type_, "timestamp": at, "data": data}


def ndjson(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def network(at: float, *requests: dict[str, Any]) -> dict[str, Any]:
    return event(at, 6, plugin="rrweb/network@1", payload={"requests": requests})


def console(at: float, level: str, *arguments: object) -> dict[str, Any]:
    payload = {"level": level, "trace": ["f (a.js:1)"], "payload": list(map(json.dumps, arguments))}
    return event(at, 6, plugin="rrweb/console@1", payload=payload)


def test_pages_are_followed_and_an_event_over_two_pages_is_put_together(
    store: FakeStore, terminal: Terminal
) -> None:
    whole = ndjson(event(1), event(2, href="x" * 50), event(3))
    store.on(
        *EVENTS,
        events_page(whole[:60], cursor="c1", more="true"),
        events_page(b"", cursor="c2", more="true"),
        events_page(whole[60:], cursor="c3"),
    )

    said = terminal.run("events", "a")

    assert (said.code, said.out, said.err) == (0, whole.decode(), "")
    assert [one.url.params.get("cursor") for one in store.asked] == [None, "c1", "c2"]
    assert {one.headers["Accept"] for one in store.asked} == {"application/gzip"}


def test_what_is_missing_of_a_recording_is_said_beside_it(
    store: FakeStore, terminal: Terminal
) -> None:
    headers = {"Events_Skipped": "2", "Missing_Sequences": "3-5,9", "Tail": "partial"}
    page = events_page(ndjson(event(1)), **headers)
    store.on(*EVENTS, page)

    said = terminal.run("events", "a")

    assert said.err.splitlines() == [
        "2 parts of the recording could not be read.",
        "Batches that are missing: 3-5,9",
        "The newest events are still on their way.",
    ]


def test_lines_that_are_no_events_are_counted_and_stop_nothing(
    store: FakeStore, terminal: Terminal
) -> None:
    bad = b'{"type":"4"}\n{"type":4}\n[]\n' + b"[" * 100_000 + b"\n\xff\xfe{\n"
    store.on(*EVENTS, events_page(bad + ndjson(event(1, href="https://a.example/"))))

    said = terminal.run("timeline", "a")

    assert said.out == "   0:00.0  page           https://a.example/\n"
    assert (said.code, said.err) == (0, "5 lines are no events of rrweb's.\n")


def test_the_console_is_read_from_a_level_on(store: FakeStore, terminal: Terminal) -> None:
    lines = (
        event(1000),
        console(1500, "log", "one", {"two": [2]}),
        console(2500, "warn", "three\nfour"),
        console(3500, "assert", "five"),
    )
    store.on(*EVENTS, events_page(ndjson(*lines)))

    everything = terminal.run("console", "a").out.splitlines()
    warnings = terminal.run("console", "a", "--level", "warn", "--json").values

    assert everything == [
        '   0:00.5  log            one {"two": [2]}',
        "   0:01.5  warn           three\\nfour",
        "   0:02.5  error          five",
    ]
    assert warnings == [
        {"atMs": at, "timestamp": 1000 + at, "kind": kind, "text": text, "trace": ["f (a.js:1)"]}
        for at, kind, text in ((1500, "warn", "three\nfour"), (2500, "error", "five"))
    ]


def test_requests_are_listed_by_the_time_they_started(store: FakeStore, terminal: Terminal) -> None:
    good = {"name": "https://a.example/x", "method": "GET", "status": 200, "duration": 12.4}
    more = {"initiatorType": "fetch", "timestamp": 1250, "transferSize": 900}
    bad = {"name": "https://a.example/y", "method": "POST", "status": 500, "timestamp": 1300}
    lost = {"name": "https://a.example/z", "status": 0, "error": "Failed to fetch"}
    store.on(*EVENTS, events_page(ndjson(event(1000), network(2000, {**good, **more}, bad, lost))))

    said = terminal.run("network", "a").out.splitlines()
    failed = terminal.run("network", "a", "--failed", "--json").values

    assert [line.split() for line in said[:3]] == [
        ["at", "method", "status", "type", "ms", "bytes", "address"],
        ["0:00.2", "GET", "200", "fetch", "12", "900", "https://a.example/x"],
        ["0:00.3", "POST", "500", "0", "https://a.example/y"],
    ]
    assert [(one["status"], one["error"], one["atMs"]) for one in failed] == [
        (500, None, 300),
        (0, "Failed to fetch", 1000),
    ]


@pytest.mark.parametrize("command", ["timeline", "console", "network"])
def test_a_recording_with_nothing_of_that_says_so(
    store: FakeStore, terminal: Terminal, command: str
) -> None:
    store.on(*EVENTS, events_page(b""))

    said = terminal.run(command, "a")

    assert (said.code, said.out, said.err) == (0, "", "The recording has nothing of this.\n")


# -- files -----------------------------------------------------------------------------------------


def by_line(text: str) -> list[object]:
    return [json.loads(one) for one in text.split("\n") if one]


def whole(text: str) -> object:
    return json.loads(text)


@pytest.mark.parametrize(
    ("options", "name", "opened"),
    [
        ((), "a.ndjson", by_line),
        (("--format", "json"), "a.json", whole),
        (("-o", "b.x", "--format", "json"), "b.x", whole),
    ],
)
def test_an_export_is_a_file_with_all_events(
    store: FakeStore,
    terminal: Terminal,
    options: tuple[str, ...],
    name: str,
    opened: Callable[[str], object],
) -> None:
    store.on("GET", "/v1/recordings/a", FOUND)
    store.on(*EVENTS, events_page(ndjson(event(1), event(2))))

    assert terminal.run("export", "a", *options).code == 0
    assert opened(Path(name).read_text(encoding="utf-8")) == [event(1), event(2)]
    assert sorted(path.name for path in Path().iterdir()) == sorted([name, "home"])


def test_an_empty_recording_is_an_empty_file(store: FakeStore, terminal: Terminal) -> None:
    store.on("GET", "/v1/recordings/a", FOUND)
    store.on(*EVENTS, events_page(b""))

    terminal.run("export", "a")
    terminal.run("export", "a", "--format", "json")

    assert (Path("a.ndjson").read_bytes(), Path("a.json").read_bytes()) == (b"", b"[]\n")


def test_a_file_that_is_there_is_replaced_only_on_request(
    store: FakeStore, terminal: Terminal
) -> None:
    store.on("GET", "/v1/recordings/a", FOUND)
    store.on(*EVENTS, events_page(ndjson(event(1))))
    Path("a.ndjson").write_text("mine", encoding="utf-8")

    refused = terminal.run("export", "a")

    assert (refused.code, Path("a.ndjson").read_text(encoding="utf-8")) == (2, "mine")
    assert terminal.run("export", "a", "--force").code == 0
    assert Path("a.ndjson").read_bytes() == ndjson(event(1))


def interrupted(_: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("second", "code"), [(interrupted, 130), (problem(404, "Gone"), 4)])
def test_an_export_that_does_not_end_leaves_no_file_and_none_that_was_there_changes(
    store: FakeStore, terminal: Terminal, second: httpx.Response, code: int
) -> None:
    store.on("GET", "/v1/recordings/a", FOUND)
    Path("a.ndjson").write_text("mine", encoding="utf-8")
    for options in ((), ("--force",)):
        store.on(*EVENTS, events_page(ndjson(event(1)), more="true"), second)
        arguments = ("export", "a", *options, *(() if options else ("-o", "new")))

        assert terminal.run(*arguments).code == code
        assert sorted(path.name for path in Path().iterdir()) == ["a.ndjson", "home"]
        assert Path("a.ndjson").read_text(encoding="utf-8") == "mine"


def test_tail_shows_the_last_lines_and_goes_on_until_the_end(
    store: FakeStore, terminal: Terminal
) -> None:
    def page_at(at: float) -> dict[str, Any]:
        return event(at, href=f"https://a.example/{at}")

    end = event(9000, 5, tag="rrweb-store:end", payload={"reason": "stopped"})
    store.on(
        *EVENTS,
        events_page(ndjson(*map(page_at, (1000, 2000, 3000))), cursor="c1"),
        events_page(b"", cursor="c2"),
        events_page(ndjson(page_at(4000), end), cursor="c3"),
    )

    said = terminal.run("tail", "a", "-n", "1")

    assert said.out.splitlines() == [
        "   0:02.0  page           https://a.example/3000",
        "   0:03.0  page           https://a.example/4000",
        "   0:08.0  end            the recording was stopped",
    ]
    assert terminal.waited == [LOOK_EVERY_S] * 2
    assert [one.url.params.get("cursor") for one in store.asked] == [None, "c1", "c2"]
