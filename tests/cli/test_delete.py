"""Deleting: nothing without a yes, and what was removed once it is over."""

import sys

import click
import pytest

from tests.cli.fake_store import FakeStore, Terminal, json_answer, problem

ONE = "/v1/recordings/a-1"
STARTED = json_answer({"executionId": "1-a"}, 202)
NONE = problem(404, "Nothing of this id was erased.")
DONE = {
    "executionId": "1-a",
    "state": "done",
    "askedAtMs": 5,
    "finishedAtMs": 9,
    "removed": {"batch": {"objects": 1200, "bytes": 34567}, "kept": {"objects": 0, "bytes": 0}},
}
REMOVING = {"executionId": "1-a", "state": "removing", "askedAtMs": 5}


@pytest.fixture(autouse=True)
def recording(store: FakeStore) -> None:
    found = {
        "recordingId": "a-1",
        "createdAtMs": 5,
        "hasScreenshot": False,
        "pageTitle": "T\x1b[2J",
    }
    store.on("GET", ONE, json_answer(found))
    store.on("DELETE", ONE, STARTED)


def deletions(store: FakeStore) -> list[str]:
    return [one.url.path for one in store.asked if one.method == "DELETE"]


@pytest.mark.parametrize(
    ("answer", "code", "sent"), [(True, 0, [ONE]), (False, 1, [])], ids=["yes", "no"]
)
def test_it_asks_first_and_names_what_is_lost(
    store: FakeStore,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool,
    code: int,
    sent: list[str],
) -> None:
    questions: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        questions.append(text)
        return answer

    monkeypatch.setattr(click, "confirm", confirm)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    said = terminal.run("delete", "a-1")

    assert questions == ["Delete the recording a-1 (T\\x1b[2J)? This cannot be undone."]
    assert (said.code, deletions(store)) == (code, sent)
    assert (said.out, said.err) == (("1-a\n", "") if answer else ("", "Nothing was deleted.\n"))


def test_where_nobody_can_answer_it_deletes_nothing_without_yes(
    store: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)

    assert (terminal.run("delete", "a-1").code, deletions(store)) == (2, [])
    assert (terminal.run("delete", "a-1", "--yes").code, deletions(store)) == (0, [ONE])


def test_it_waits_for_its_own_erasure_and_prints_the_counts(
    store: FakeStore, terminal: Terminal
) -> None:
    earlier = {**DONE, "executionId": "0-z"}
    answers = [NONE, json_answer(earlier), json_answer(REMOVING), json_answer(DONE)]
    store.on("GET", f"{ONE}/erasure", *answers)

    said = terminal.run("delete", "a-1", "-y", "--wait")

    assert said.code == 0
    assert [line.split() for line in said.out.splitlines()] == [
        ["execution", "1-a"],
        ["state", "done"],
        ["kind", "objects", "bytes"],
        ["batch", "1,200", "34,567"],
        ["kept", "0", "0"],
    ]
    store.on("GET", f"{ONE}/erasure", json_answer(DONE))
    assert terminal.run("delete", "a-1", "-y", "--wait", "--json").values == [DONE]


def test_a_deletion_that_failed_is_no_success(store: FakeStore, terminal: Terminal) -> None:
    store.on("GET", f"{ONE}/erasure", json_answer({**REMOVING, "state": "failed"}))

    said = terminal.run("delete", "a-1", "-y", "--wait")

    assert (said.code, "data are left" in said.err) == (1, True)


def test_what_is_gone_meanwhile_is_said_after_a_while(store: FakeStore, terminal: Terminal) -> None:
    store.on("GET", f"{ONE}/erasure", NONE)

    said = terminal.run("delete", "a-1", "-y", "--wait")

    assert (said.code, sum(terminal.waited) >= 30) == (4, True)


def test_an_unknown_recording_is_not_asked_to_be_deleted(
    store: FakeStore, terminal: Terminal
) -> None:
    store.on("GET", ONE, problem(404, "There is no recording of this id."))

    assert (terminal.run("delete", "a-1", "-y").code, deletions(store)) == (4, [])


def test_an_administrator_deletes_a_site_s_recording_and_a_visitor(
    store: FakeStore, terminal: Terminal
) -> None:
    site = "/v1/sites/shop"
    store.on("GET", f"{site}/recordings/r", json_answer({"recordingId": "r", "createdAtMs": 5}))
    store.on("DELETE", f"{site}/recordings/r", STARTED)
    store.on("DELETE", f"{site}/visitors/v", STARTED)

    one = terminal.run("delete", "shop/r", "-y")
    all_of_them = terminal.run("delete", "--visitor", "shop/v", "-y")

    assert (one.code, all_of_them.code) == (0, 0)
    assert deletions(store) == [f"{site}/recordings/r", f"{site}/visitors/v"]
    assert terminal.run("delete", "--visitor", "v", "-y").code == 2
    store.on("DELETE", f"{site}/visitors/v", problem(403, "You are not in the group."))
    assert terminal.run("delete", "--visitor", "shop/v", "-y").code == 5
