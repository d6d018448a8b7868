"""Keeping: with every asset to which the events refer, and no longer when told so."""

import json

import httpx
import pytest

from components.store.keeping_templates import max_assets
from rrweb_store import keep_command
from tests.cli.fake_store import FakeStore, Terminal, events_page, json_answer, problem
from tests.contract import CONTRACT

ONE = "/v1/sites/shop/recordings/r"
A, B, C = ("a" * 64, "b" * 64, "c" * 64)
RESOURCES = {
    "tag": "rrweb-store:resources",
    "payload": {"stored": {"x": [B, "image/png"], "y": [A, ""]}},
}
LINES = [
    json.dumps({"type": 3, "data": f"data:image/png;base64,rrweb-asset:{A}"}),
    json.dumps({"type": 5, "timestamp": 1, "data": RESOURCES}),
    json.dumps({"type": 3, "data": f"a text with {C}"}),
    json.dumps({"type": 3, "data": "rrweb-asset:: and no digest"}),
]
FOUND = {"recordingId": "r", "createdAtMs": 5, "hasScreenshot": False}
STARTED = json_answer({"executionId": "1-a"}, 202)


@pytest.fixture(autouse=True)
def recording(store: FakeStore) -> None:
    first, *rest = (f"{line}\n".encode() for line in LINES)
    pages = (events_page(first, "c1", "true"), events_page(b"".join(rest), "c2"))
    store.on("GET", f"{ONE}/events", *pages)
    store.on("GET", ONE, json_answer(FOUND))
    store.on("PUT", f"{ONE}/kept", STARTED)
    store.on("DELETE", f"{ONE}/kept", STARTED)


def named(store: FakeStore) -> list[list[str]]:
    return [json.loads(body)["assets"] for body in store.bodies("PUT", f"{ONE}/kept")]


def test_the_assets_of_all_events_are_named_once(store: FakeStore, terminal: Terminal) -> None:
    said = terminal.run("keep", "shop/r")

    assert (said.code, said.out, named(store)) == (0, "1-a\n", [[A, B]])
    assert "2 files" in said.err


def test_more_than_a_request_takes_are_named_by_several(
    store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep_command, "MOST_ASSETS", 1)

    said = terminal.run("keep", "shop/r", "--json")

    assert (said.code, named(store)) == (0, [[A], [B]])
    assert said.values == [{"executionId": "1-a", "assets": 2}] * 2


def test_a_request_names_as_many_as_the_contract_takes() -> None:
    assert max_assets(CONTRACT) == keep_command.MOST_ASSETS


def test_it_waits_until_the_recording_is_kept(store: FakeStore, terminal: Terminal) -> None:
    copying, kept = {**FOUND, "keeping": "copying"}, {**FOUND, "kept": True}
    store.on("GET", ONE, *map(json_answer, (FOUND, FOUND, copying, kept)))

    assert (terminal.run("keep", "shop/r", "--wait").code, len(terminal.waited)) == (0, 2)


@pytest.mark.parametrize(
    ("last", "code"),
    [(json_answer({**FOUND, "keeping": "failed"}), 1), (problem(404, "There is none."), 4)],
)
def test_a_failure_while_it_waits_is_said(
    store: FakeStore, terminal: Terminal, last: httpx.Response, code: int
) -> None:
    store.on("GET", ONE, json_answer(FOUND), last)

    assert terminal.run("keep", "shop/r", "--wait").code == code


def test_it_is_kept_no_longer_on_request(store: FakeStore, terminal: Terminal) -> None:
    ending = {**FOUND, "keeping": "ending"}
    store.on("GET", ONE, *map(json_answer, ({**FOUND, "kept": True}, ending, FOUND)))

    said = terminal.run("keep", "--end", "shop/r", "--wait")

    assert (said.code, said.out, named(store), len(terminal.waited)) == (0, "1-a\n", [], 1)


def test_what_outlived_its_time_is_deleted_with_the_end_of_its_keeping(
    store: FakeStore, terminal: Terminal
) -> None:
    store.on("GET", ONE, json_answer({**FOUND, "kept": True}), problem(404, "There is none."))

    said = terminal.run("keep", "--end", "shop/r", "--wait")

    assert (said.code, "it is deleted" in said.err) == (0, True)


def test_an_unknown_recording_and_one_of_others_are_refused(
    store: FakeStore, terminal: Terminal
) -> None:
    store.on("PUT", f"{ONE}/kept", problem(403, "You are not in the group."))
    assert terminal.run("keep", "shop/r").code == 5
    store.on("GET", ONE, problem(404, "There is none."))
    assert (terminal.run("keep", "shop/r").code, terminal.run("keep", "--end", "shop/r").code) == (
        4,
        4,
    )
