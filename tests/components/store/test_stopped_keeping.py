"""The state machine that keeps, where something stops it: erasures, ends, expiry, refused calls."""

import time
from typing import Any

import pytest

from components.store.keeping_machine import NEVER
from tests.components.store.keeping_world import KeepingWorld
from tests.components.store.kept_recording import (
    ALL,
    END,
    FROM,
    MACHINE,
    ONE,
    SHA,
    TO,
    copies,
    kept,
    of,
)
from tests.components.store.state_machine import run


@pytest.mark.parametrize(
    "item", [{"expiresAt": {"N": "5"}}, {"erasureId": {"S": "e1"}, "erasureState": {"S": "done"}}]
)
def test_what_has_expired_or_is_erased_is_not_kept(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, item: dict[str, Any]
) -> None:
    store.item("user#u", "r", **item)

    kept(store, monkeypatch)

    assert (store.calls, copies(store)) == (["getItem"], set())


def test_an_id_without_a_recording_is_left_alone(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store, monkeypatch, recordingId="r9")
    kept(store, monkeypatch, recordingId="r9", isEnd=True)

    assert store.read("user#u", "r9") is None


def test_an_erasure_during_the_copying_stops_it_and_its_tombstone_stays(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    tombstone = {"erasureId": {"S": "e1"}, "erasureState": {"S": "removing"}}

    def erase(action: str, _: dict[str, Any]) -> None:
        if action == "copyObject":
            store.item("user#u", "r", **tombstone)

    store.before = erase

    kept(store, monkeypatch, assets=SHA)

    item = store.read("user#u", "r") or {}
    assert item["erasureState"] == {"S": "removing"}
    assert "retainedUntil" not in item
    assert f"{TO}asset/{SHA}" not in store.objects  # the erasure looks for the others again


@pytest.mark.parametrize("is_end", [False, True])
def test_an_erasure_just_before_the_claim_is_left_alone(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, is_end: bool
) -> None:
    tombstone = {"erasureId": {"S": "e1"}, "erasureState": {"S": "removing"}}

    def erase(action: str, _: dict[str, Any]) -> None:
        if action == "updateItem":
            store.item("user#u", "r", **tombstone)

    store.before = erase

    run(MACHINE, store, {**ONE, "isEnd": is_end}, monkeypatch)

    assert set(of(store)) == {"expiresAt"}
    assert copies(store) == set()


def test_a_recording_that_expires_during_the_copying_leaves_no_copy(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expire(action: str, given: dict[str, Any]) -> None:
        if action == "updateItem" and "retainedUntil =" in given["UpdateExpression"]:
            store.forget("user#u", "r")

    store.before = expire

    kept(store, monkeypatch)

    assert (store.read("user#u", "r"), copies(store)) == (None, set())


def test_objects_that_are_gone_before_they_are_copied_are_a_failure_without_copies(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(action: str, given: dict[str, Any]) -> None:
        if action == "copyObject" and given["Key"] == f"{TO}large/7":
            store.objects.pop(f"{FROM}large/7", None)

    store.before = vanish
    before = of(store)["expiresAt"]

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert ended.status == "FAILED"
    assert copies(store) == set()
    assert of(store) == {"expiresAt": before, "keeping": {"S": "failed"}}


def test_an_end_during_the_copying_wins(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(action: str, _: dict[str, Any]) -> None:
        if action == "copyObject":
            now = {"N": str(int(time.time() * 1000))}
            store.item("user#u", "r", keeping={"S": "ending"}, keepingAtMs=now)

    store.before = end

    kept(store, monkeypatch, assets=SHA)

    assert of(store)["keeping"] == {"S": "ending"}
    assert f"{TO}asset/{SHA}" not in store.objects


def test_keeping_waits_until_an_end_has_ended(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {"N": str(int(time.time() * 1000))}
    store.item("user#u", "r", keeping={"S": "ending"}, keepingAtMs=now)

    def ended() -> None:
        if not store.copies:
            store.item("user#u", "r")

    store.after_wait = ended

    kept(store, monkeypatch)

    assert copies(store) == ALL


@pytest.mark.parametrize(
    ("age_ms", "ended", "is_kept"),
    [(86_400_001, "SUCCEEDED", True), (80_000_000, "FAILED", False)],
)
def test_an_end_that_was_stopped_a_day_ago_gives_way_and_one_that_runs_does_not(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, age_ms: int, ended: str, is_kept: bool
) -> None:
    at = {"N": str(int(time.time() * 1000) - age_ms)}
    store.item("user#u", "r", keeping={"S": "ending"}, keepingAtMs=at)

    assert run(MACHINE, store, ONE, monkeypatch).status == ended
    assert bool(copies(store)) == is_kept


SLOW = "S3.SlowDownException"
CALLS_OF_ONE = 31


@pytest.mark.parametrize("number", range(1, CALLS_OF_ONE + 1, 3))
def test_a_call_that_is_refused_is_made_again(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    store.refuses = lambda call, _: SLOW if call == number else None

    kept(store, monkeypatch, assets=SHA)

    assert copies(store) == {*ALL, f"{TO}asset/{SHA}"}
    assert len(store.calls) >= number


@pytest.mark.parametrize("action", ["getItem", "updateItem", "listObjectsV2", "copyObject"])
def test_a_call_that_is_always_refused_is_a_failure_that_can_be_asked_for_again(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    store.refuses = lambda _, asked: SLOW if asked == action else None

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, "retainedUntil" in of(store)) == ("FAILED", False)
    assert copies(store) == set()
    store.refuses = lambda _, __: None
    store.item("user#u", "r")
    kept(store, monkeypatch)
    assert copies(store) == ALL


@pytest.mark.parametrize("refused", ["listObjectsV2", "getItem"])
def test_a_failure_after_the_first_copies_leaves_none(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    tries = 0

    def refuses(_: int, asked: str) -> str | None:
        nonlocal tries
        is_one = asked == refused and bool(store.copies) and tries < 7
        tries += is_one
        return SLOW if is_one else None

    store.refuses = refuses

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, bool(store.copies), copies(store)) == ("FAILED", True, set())
    assert of(store)["keeping"] == {"S": "failed"}


def test_a_failure_of_a_later_look_leaves_the_recording_kept(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait() -> None:
        store.refuses = lambda _, asked: SLOW if asked == "listObjectsV2" else None

    store.after_wait = wait

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, copies(store)) == ("FAILED", ALL)
    assert (of(store)["expiresAt"], of(store)["keeping"]) == ({"N": str(NEVER)}, {"S": "failed"})


def test_copies_that_s3_does_not_delete_are_a_failure(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store, monkeypatch)
    store.refuses = lambda _, asked: SLOW if asked == "deleteObjects" else None

    ended = run(MACHINE, store, END, monkeypatch)

    assert (ended.status, of(store)["keeping"]) == ("FAILED", {"S": "failed"})
    store.refuses = lambda _, __: None
    kept(store, monkeypatch, isEnd=True)
    assert copies(store) == set()
