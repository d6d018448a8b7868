"""Bringing recordings from files: each format, each owner, and nothing half."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from rrweb_store import recording_files, uploads
from tests.cli.fake_store import FakeStore, Terminal, json_answer, problem

STORED = json_answer({"requestId": "r"})
KEY = "wk_aaaaaaaaaaaaaaaaaaaaaaaa"


def event(at: float, type_: int, **data: Any) -> dict[str, Any]:
    return {"type": type_, "timestamp": at, "data": data}


TITLE = {"type": 2, "tagName": "title", "childNodes": [{"type": 3, "textContent": " A \n shop "}]}
NODE = {"type": 0, "childNodes": [{"type": 2, "tagName": "html", "childNodes": [TITLE]}]}
EVENTS = [
    event(1000, 4, href="https://a.example/tea?q=1#x", width=1280, height=800),
    event(1000, 2, node=NODE),
    event(2000, 3, source=2, type=2, id=1, x=1, y=1),
    event(2500, 5, tag="rrweb-store:event", payload={"name": "paid"}),
    event(2600, 5, tag="rrweb-store:user", payload={"user": "ada"}),
    event(2700, 5, tag="rrweb-store:click", payload={"kind": "rage", "id": 1}),
    event(2800, 5, tag="rrweb-store:error", payload={"message": "no"}),
    event(9000, 4, href="https://a.example/pay", width=1280, height=800),
]
LINES = [json.dumps(one, separators=(",", ":")) for one in EVENTS]
DESCRIBED = {
    "startedAtMs": 1000,
    "pageUrl": "https://a.example/tea?q=1#x",
    "pageTitle": "A shop",
    "viewport": {"width": 1280, "height": 800},
}
FACTS = {
    "durationMs": 8000,
    "clicks": 1,
    "rageClicks": 1,
    "errors": 1,
    "user": "ada",
    "pages": ["https://a.example/tea", "https://a.example/pay"],
    "events": ["paid"],
}


def any_path(store: FakeStore, pattern: str, answer: httpx.Response) -> None:
    store.patterns.append((re.compile(pattern), answer))


@pytest.fixture
def open_store(store: FakeStore) -> FakeStore:
    any_path(store, r"PUT /v1/recordings/\w+/(events/\d+|facts)", STORED)
    any_path(store, r"PUT /v1/recordings/\w+", json_answer({"createdAtMs": 1}, 201))
    any_path(store, rf"POST /v1/w/{KEY}/recordings/\w+/(events/\d{{9}}|facts)", STORED)
    any_path(store, rf"POST /v1/w/{KEY}/recordings/\w+", json_answer({"createdAtMs": 1}, 201))
    return store


def posthog(*events: dict[str, Any], version: str = "2023-04-28") -> dict[str, Any]:
    return {"version": version, "data": {"id": "1", "person": None, "snapshots": events}}


WINDOWED = [{"windowId": "w", **one} for one in EVENTS]
FILES = {
    "ndjson": "\n".join(LINES),
    "ndjson with blank lines and \\r\\n": "\n\r\n".join(LINES) + "\r\n\n",
    "array": json.dumps(EVENTS),
    "array of one event a line": "[\n" + ",\n".join(LINES) + "\n]\n",
    "byte order mark": "\ufeff" + "\n".join(LINES),
    "object with events": json.dumps({"events": EVENTS, "other": 1}),
    "PostHog": json.dumps(posthog(*WINDOWED), indent=1),
    "PostHog, earlier": json.dumps(
        {"version": "2022-12-02", "data": {"snapshotsByWindowId": {"w": EVENTS}}}
    ),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packed", [False, True])
def test_each_format_becomes_the_same_recording(
    open_store: FakeStore, terminal: Terminal, name: str, packed: bool
) -> None:
    body = FILES[name].encode()
    Path("visit").write_bytes(gzip.compress(body) if packed else body)

    said = terminal.run("put", "visit", "--json")

    assert (said.code, said.err) == (0, "")
    (told,) = said.values
    path = f"/v1/recordings/{told['recordingId']}"
    assert [one.url.path for one in open_store.asked] == [
        f"{path}/events/0",
        path,
        f"{path}/facts",
    ]
    batch, described, facts = (one.content for one in open_store.asked)
    assert gzip.decompress(batch).decode().split("\n") == [*LINES, ""]
    assert (json.loads(described), json.loads(facts)) == (DESCRIBED, FACTS)
    assert told == {
        "file": "visit",
        "new": True,
        "recordingId": told["recordingId"],
        "link": f"https://replay.example/recordings/{told['recordingId']}",
    }


def test_a_batch_is_proven_by_its_checksum(open_store: FakeStore, terminal: Terminal) -> None:
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")
    terminal.run("put", "visit")

    sent = open_store.asked[0]

    assert sent.headers["Content-Type"] == "application/gzip"
    # API Gateway knows this name in lower case only.
    assert b"x-amz-checksum-sha256" in [name for name, _ in sent.headers.raw]


def test_a_site_s_recording_is_written_with_its_key_and_without_a_token(
    open_store: FakeStore, terminal: Terminal
) -> None:
    sites = [{"siteId": "shop", "writeKey": KEY}]
    open_store.on("GET", "/v1/sites", json_answer({"sites": sites}))
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")

    said = terminal.run("put", "visit", "--to", "shop")

    assert (said.code, "/sites/shop/recordings/" in said.out) == (0, True)
    _, *written = open_store.asked
    assert [one.url.path.split("/recordings/")[1][32:] for one in written] == [
        "/events/000000000",
        "",
        "/facts",
    ]
    assert {one.headers["Content-Type"] for one in written} == {"text/plain"}
    assert [one for one in written if "Authorization" in one.headers] == []
    # As a page of the recording would, for a site that lists its origins.
    assert [one.headers.get("Origin") for one in written[1:]] == ["https://a.example"] * 2


def test_the_windows_of_one_export_become_recordings_of_their_own(
    open_store: FakeStore, terminal: Terminal
) -> None:
    other = [{"windowId": "v", **one} for one in EVENTS[:2]]
    Path("visit").write_text(json.dumps(posthog(*WINDOWED, *other)), encoding="utf-8")

    said = terminal.run("put", "visit", "--json")

    assert [one["file"] for one in said.values] == ["visit, window 1", "visit, window 2"]
    assert len({one["recordingId"] for one in said.values}) == 2


def test_long_recordings_go_in_several_batches_in_order(
    open_store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BATCH_BYTES", len(LINES[0]) + len(LINES[1]) + 2)
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")

    terminal.run("put", "visit")

    batches = [one for one in open_store.asked if "/events/" in one.url.path]
    assert [int(one.url.path.split("/")[-1]) for one in batches] == list(range(len(batches)))
    assert len(batches) > 2
    whole = b"".join(gzip.decompress(one.content) for one in batches)
    assert whole.decode().split("\n") == [*LINES, ""]


def test_what_is_there_already_is_a_success(open_store: FakeStore, terminal: Terminal) -> None:
    open_store.patterns.insert(0, (re.compile(r"PUT .*/events/0"), problem(412, "There")))
    open_store.patterns.insert(1, (re.compile(r"PUT /v1/recordings/\w+"), problem(409, "There")))
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")

    said = terminal.run("put", "visit")

    assert (said.code, said.err) == (0, "It is there already, unchanged.\n")


def test_an_interrupted_recording_is_not_created(
    open_store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BATCH_BYTES", 100)
    open_store.patterns.insert(0, (re.compile(r"PUT .*/events/2"), KeyboardInterrupt()))
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")

    assert terminal.run("put", "visit").code == 130
    assert [one.url.path.split("/")[-1] for one in open_store.asked] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\x00\xff\xfe", "line 1 is no JSON"),
        (b"{}", "of no format that is known"),
        (b"7", "of no format that is known"),
        (b"[]", "no full snapshot"),
        (b"[7]", "event 1 is no event"),
        ("\n".join([*LINES, "{"]).encode(), "line 9 is no JSON"),
        ("\n".join([*LINES[:3], '{"type":"x"}']).encode(), "line 4 is no event"),
        ("\n".join(LINES[2:]).encode(), "no full snapshot"),
        (b"[" * 100_000, "nested too deeply"),
        (gzip.compress(b"[" * 5000, mtime=0)[:-20], "cannot read"),
        (json.dumps(posthog()).encode(), "holds no events"),
        (json.dumps(posthog(version="2031-01-01")).encode(), "of no format that is known"),
        (json.dumps(posthog({"cv": "2024-10", **EVENTS[1]})).encode(), "compressed by PostHog"),
        (json.dumps(posthog({"type": 2})).encode(), "event 1 is no event"),
    ],
    ids=range(16),
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_sent(
    open_store: FakeStore, terminal: Terminal, body: bytes, said: str
) -> None:
    Path("good").write_text(FILES["ndjson"], encoding="utf-8")
    Path("bad").write_bytes(body)

    refused = terminal.run("put", "good", "bad")

    assert (refused.code, said in refused.err, "bad" in refused.err) == (2, True, True)
    assert (refused.err.count("\n"), open_store.asked) == (1, [])


def test_a_file_that_opens_to_any_size_is_refused(
    open_store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_files, "MAX_FILE_BYTES", 1000)
    # Without its end, which is not reached.
    Path("bomb").write_bytes(gzip.compress(b" " * 1_000_000)[:-8])

    refused = terminal.run("put", "bomb")

    assert (refused.code, "more than 1,000 bytes" in refused.err) == (2, True)


def test_an_event_over_the_store_s_limit_is_named(
    open_store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_EVENT_BYTES", 200)
    large = json.dumps(event(3000, 5, tag="x" * 500))
    Path("visit").write_text("\n".join([*LINES, large]), encoding="utf-8")

    refused = terminal.run("put", "visit")

    assert (refused.code, "event 9 has" in refused.err, open_store.asked) == (2, True, [])


def test_a_site_that_the_user_does_not_watch_is_refused(
    open_store: FakeStore, terminal: Terminal
) -> None:
    open_store.on("GET", "/v1/sites", json_answer({"sites": []}))
    Path("visit").write_text(FILES["ndjson"], encoding="utf-8")

    assert terminal.run("put", "visit", "--to", "shop").code == 5
    assert len(open_store.asked) == 1
