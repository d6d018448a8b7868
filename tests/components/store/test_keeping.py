"""The state machine that keeps: what is kept is whole, and what is not kept leaves no copy."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from components.store import keeping_copies
from components.store.keeping import keeping_statements
from components.store.keeping_copies import MAP_LABEL, MAX_LOOKS, OBJECTS_A_PAGE
from components.store.keeping_item import KeepingPlaces
from components.store.keeping_machine import NEVER, keeping_machine
from components.store.store_machine import machine_policy
from tests.components.store.keeping_world import BUCKET, TABLE, KeepingWorld
from tests.components.store.state_machine import run, states, targets
from tests.moto_account import moto_account

PLACES = KeepingPlaces(
    bucket=BUCKET,
    table=TABLE,
    recordings="rrweb/recordings",
    assets="rrweb/assets",
    kept="rrweb/kept",
    wait_seconds=150,
)
MACHINE = keeping_machine(PLACES)
FROM = "rrweb/recordings/userId=u/sessionId=r/"
TO = "rrweb/kept/userId=u/sessionId=r/"
SHA, OTHER = "a" * 64, "b" * 64
ONE = {"owner": "user#u", "recordingId": "r", "isEnd": False, "assets": ""}
END = {**ONE, "isEnd": True}
OWN = ("stream/a.gz", "stream/b.gz", "large/7", "screenshot")


@pytest.fixture
def store() -> Iterator[KeepingWorld]:
    """Yield a store with one recording of the user, and objects of others."""
    with moto_account():
        made = KeepingWorld()
        made.item("user#u", "r")
        made.store(*(f"{FROM}{one}" for one in OWN))
        made.store(f"rrweb/assets/userId=u/{SHA}", f"rrweb/assets/userId=u/{OTHER}")
        made.store("rrweb/recordings/userId=u/sessionId=r2/screenshot")
        yield made


def copies(store: KeepingWorld) -> set[str]:
    return {key for key in store.objects if key.startswith("rrweb/kept/")}


def of(store: KeepingWorld) -> dict[str, Any]:
    """Return what the item says of its keeping."""
    item = store.read("user#u", "r") or {}
    return {name: item[name] for name in ("expiresAt", "retainedUntil", "keeping") if name in item}


def kept(store: KeepingWorld, patch: pytest.MonkeyPatch, **more: Any) -> None:
    assert run(MACHINE, store, {**ONE, **more}, patch).status == "SUCCEEDED"


ALL = {f"{TO}{one}" for one in OWN}


def test_a_recording_is_copied_with_the_assets_that_are_named(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(store)["expiresAt"]

    kept(store, monkeypatch, assets=f"{SHA},{'c' * 64}")

    assert copies(store) == {*ALL, f"{TO}asset/{SHA}"}
    assert of(store) == {"expiresAt": {"N": str(NEVER)}, "retainedUntil": before}


def test_a_recording_of_a_site_is_copied_from_under_its_own_key(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.item("site#shop", "r", siteKey={"S": "wk_old"})
    store.store("rrweb/recordings/siteKey=wk_old/sessionId=r/batch/000000000")
    store.store(f"rrweb/assets/siteKey=wk_old/{SHA}")

    kept(store, monkeypatch, owner="site#shop", assets=SHA)

    folder = "rrweb/kept/siteKey=wk_old/sessionId=r/"
    assert copies(store) == {f"{folder}batch/000000000", f"{folder}asset/{SHA}"}


def test_nothing_is_marked_as_kept_before_all_of_it_is_copied(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def look(_: str, given: dict[str, Any]) -> None:
        if "retainedUntil =" in given.get("UpdateExpression", ""):
            seen.append(copies(store))

    store.before = look

    kept(store, monkeypatch, assets=SHA)

    assert seen == [{*ALL, f"{TO}asset/{SHA}"}]


def test_what_arrives_while_the_machine_waits_is_copied_until_nothing_comes(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = iter(("stream/c.gz", "stream/d.gz", "screenshot"))

    def arrives() -> None:
        store.store(*(f"{FROM}{one}" for one in [next(late, None)] if one))

    store.after_wait = arrives

    kept(store, monkeypatch)

    assert copies(store) == {*ALL, f"{TO}stream/c.gz", f"{TO}stream/d.gz"}
    assert store.copies.count(f"{TO}screenshot") == 2  # the newer picture, too
    assert store.copies.count(f"{TO}stream/a.gz") == 1


def test_a_recording_that_never_rests_is_looked_at_a_bounded_number_of_times(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_copies, "MAX_LOOKS", 8)
    store.after_wait = lambda: store.store(f"{FROM}screenshot")

    ended = run(keeping_machine(PLACES), store, ONE, monkeypatch)

    assert (ended.status, store.copies.count(f"{TO}screenshot")) == ("SUCCEEDED", 8)
    # AWS counts to 25,000: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    assert ended.events / 8 * MAX_LOOKS < 20_000


def test_objects_and_assets_of_several_pages_are_copied_page_by_page(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_copies, "OBJECTS_A_PAGE", 10)
    digests = [f"{number:064x}" for number in range(31)]
    store.store(*(f"{FROM}stream/{number:05}.gz" for number in range(66)))
    store.store(*(f"rrweb/assets/userId=u/{digest}" for digest in digests))

    ended = run(keeping_machine(PLACES), store, {**ONE, "assets": ",".join(digests)}, monkeypatch)

    assert len(copies(store)) == len(store.copies) == 66 + 31 + len(OWN)
    assert store.largest_page == 10
    # 60,000 objects and their assets stay under the 25,000 events of an execution.
    assert ended.events / 11 * 60_000 / OBJECTS_A_PAGE < 25_000


def test_keeping_twice_copies_once_and_remembers_the_first_time(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store, monkeypatch, assets=SHA)
    before = of(store)

    kept(store, monkeypatch, assets=OTHER)

    assert copies(store) == {*ALL, f"{TO}asset/{SHA}", f"{TO}asset/{OTHER}"}
    assert len(store.copies) == len(copies(store))
    assert of(store) == before


def test_ending_removes_the_copies_and_puts_the_time_back(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(store)
    kept(store, monkeypatch, assets=SHA)

    kept(store, monkeypatch, isEnd=True)

    assert copies(store) == set()
    assert of(store) == before
    assert f"{FROM}stream/a.gz" in store.objects


def test_a_copy_that_was_under_way_when_it_ended_is_removed_too(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[None] = []
    kept(store, monkeypatch)

    def arrives() -> None:
        waits.append(None)
        store.store(f"{TO}stream/late.gz")

    store.after_wait = arrives

    kept(store, monkeypatch, isEnd=True)

    assert (len(waits), copies(store)) == (1, set())


def test_ending_what_is_not_kept_changes_nothing(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(store)

    kept(store, monkeypatch, isEnd=True)
    kept(store, monkeypatch, isEnd=True)

    assert (of(store), copies(store)) == (before, set())


def test_a_recording_that_outlived_its_time_is_gone_once_it_is_kept_no_longer(
    store: KeepingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.item("user#u", "r", expiresAt={"N": str(NEVER)}, retainedUntil={"N": "5"})
    store.store(f"{TO}stream/a.gz")

    kept(store, monkeypatch, isEnd=True)

    assert (of(store), copies(store)) == ({"expiresAt": {"N": "5"}}, set())


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


def test_every_call_is_made_again_and_every_failure_has_a_way() -> None:
    tasks = [(name, one) for name, one in states(MACHINE) if one["Type"] in {"Task", "Map"}]

    assert len(tasks) > 10
    assert [name for name, one in tasks if one["Retry"][-1]["ErrorEquals"] != ["States.ALL"]] == []
    assert [name for name, one in tasks if one["Catch"][-1]["ErrorEquals"] != ["States.ALL"]] == []


@pytest.mark.parametrize("machine", [MACHINE, MACHINE["States"]["Copy"]["ItemProcessor"]])
def test_every_state_is_reached_and_leads_on(machine: dict[str, Any]) -> None:
    """AWS refuses a definition otherwise."""
    reached = {machine["StartAt"]}.union(*(targets(one) for one in machine["States"].values()))

    assert reached == set(machine["States"])
    ends = [one for one in machine["States"].values() if not targets(one)]
    assert all(one.get("End") or one["Type"] in {"Succeed", "Fail"} for one in ends)


def test_the_role_may_copy_to_the_kept_prefix_and_delete_there_alone() -> None:
    table, bucket = "arn:aws:dynamodb:eu-west-1:1:table/t", "arn:aws:s3:::b"
    machine = "arn:aws:states:eu-west-1:1:stateMachine:keeping"

    policy = json.loads(machine_policy(keeping_statements(table, bucket), machine, MAP_LABEL))

    assert [(one["Action"], one["Resource"]) for one in policy["Statement"]] == [
        (["dynamodb:GetItem", "dynamodb:UpdateItem"], table),
        ("s3:ListBucket", bucket),
        ("s3:GetObject", [f"{bucket}/rrweb/recordings/*", f"{bucket}/rrweb/assets/*"]),
        (["s3:PutObject", "s3:DeleteObject"], f"{bucket}/rrweb/kept/*"),
        ("states:StartExecution", machine),
        (
            ["states:DescribeExecution", "states:StopExecution"],
            "arn:aws:states:eu-west-1:1:execution:keeping/copies:*",
        ),
    ]
