"""What a stranger wrote does nothing to a terminal, and forges no line of output."""

import json
import re

import pytest

from rrweb_store.safe_text import ascii_json, printable
from tests.cli.fake_store import FakeStore, Terminal, events_page, json_answer, problem

# A screen that is cleared, a title that is set, C1's CSI, a second line, and reversed order.
HOSTILE = "a\x1b[2J\x1b]0;x\x07\x9b31m\nerror  [red]b[/red]\r\u202egnp.exe\u2066\u2028\ud800\x00é😀"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

LISTED = {"recordingId": "a", "createdAtMs": 1, "hasScreenshot": False, "pageTitle": HOSTILE}


def events_with(text: str) -> bytes:
    return b"".join(
        json.dumps({"timestamp": 1, **one}).encode() + b"\n"
        for one in (
            {"type": 4, "data": {"href": f"https://x.example/{text}"}},
            {"type": 5, "data": {"tag": "rrweb-store:event", "payload": {"name": text}}},
            {
                "type": 6,
                "data": {
                    "plugin": "rrweb/console@1",
                    "payload": {"level": text, "trace": [text], "payload": [json.dumps(text)]},
                },
            },
            {
                "type": 6,
                "data": {
                    "plugin": "rrweb/network@1",
                    "payload": {"requests": [{"name": text, "method": text, "error": text}]},
                },
            },
        )
    )


@pytest.fixture
def hostile(store: FakeStore, terminal: Terminal) -> Terminal:
    store.on("GET", "/v1/recordings", json_answer({"recordings": [LISTED], "lookedThrough": 1}))
    store.on("GET", "/v1/recordings/a", json_answer(LISTED))
    store.on("GET", "/v1/recordings/a/events", events_page(events_with(HOSTILE)))
    store.on("GET", "/v1/recordings/b", problem(404, HOSTILE))
    return terminal


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        (("list",), 2),
        (("show", "a"), 5),
        (("timeline", "a"), 3),
        (("console", "a"), 1),
        (("network", "a"), 2),
    ],
)
def test_hostile_text_stays_on_its_line_and_sends_nothing_to_the_terminal(
    hostile: Terminal, command: tuple[str, ...], lines: int
) -> None:
    said = hostile.run(*command)

    assert (said.code, UNSAFE.findall(said.out)) == (0, [])
    assert len(said.out.rstrip("\n").split("\n")) == lines
    assert "é😀" in said.out
    assert command[0] in ("console", "timeline", "network") or "[red]b[/red]" in said.out


@pytest.mark.parametrize(
    ("command", "member"),
    [
        (("list",), "pageTitle"),
        (("timeline", "a"), "text"),
        (("console", "a"), "text"),
        (("network", "a"), "address"),
    ],
)
def test_json_is_ascii_and_means_what_was_stored(
    hostile: Terminal, command: tuple[str, ...], member: str
) -> None:
    said = hostile.run(*command, "--json")

    assert (said.out.isascii(), UNSAFE.findall(said.out)) == (True, [])
    assert HOSTILE in [one[member] for one in said.values]


def test_a_failures_own_words_are_one_harmless_line(hostile: Terminal) -> None:
    said = hostile.run("show", "b")

    assert (said.code, UNSAFE.findall(said.err)) == (4, [])
    assert said.err.count("\n") == 1
    assert said.err.endswith(" (status 404, request r-1)\n")


def test_events_are_printed_byte_for_byte_where_a_program_reads_them(
    hostile: Terminal, store: FakeStore
) -> None:
    body = '{"type":5,"timestamp":1,"data":"\u009b é\u2028"}\n'
    store.on("GET", "/v1/recordings/a/events", events_page(body.encode()))

    assert hostile.run("events", "a").out == body


def test_json_for_a_terminal_means_the_same() -> None:
    value = {"a": "\u009b31m é \u202e 😀", "b": ["\x7f"]}

    line = ascii_json(json.dumps(value, ensure_ascii=False).encode())

    assert json.loads(line) == value
    assert not set(line) - set(range(0x20, 0x7F))


def test_a_long_text_is_cut_before_it_is_looked_at() -> None:
    assert printable("\x1b" * 10, most=3) == "\\x1b\\x1b…"
