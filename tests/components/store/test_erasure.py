"""The state machine that erases: whatever refuses, nothing is left in silence."""

import json
import time
from collections.abc import Iterable
from typing import Any

import pytest

from components.store.erasure import erasure_statements
from components.store.erasure_machine import erasure_machine
from components.store.erasure_of_many import MAP_LABEL, RECORDINGS_A_PAGE
from components.store.erasure_of_one import MAX_REFUSALS, OBJECTS_A_PAGE
from components.store.erasure_record import Places
from components.store.store_machine import machine_policy
from tests.components.store.state_machine import Refuses, World, run, states, targets

MACHINE = erasure_machine(
    Places(
        bucket="recordings",
        table="recordings-by-owner",
        recordings="rrweb/recordings",
        kept="rrweb/kept",
        failed="rrweb/failed",
        certificates="rrweb/erasures",
        wait_seconds=150,
        tombstone_seconds=1000,
    )
)
FOLDER = "rrweb/recordings/userId=u/sessionId=r/"
KEPT = "rrweb/kept/userId=u/sessionId=r/"
USER = ("user#u", "r")
ASKED_AT_MS = int(time.time() * 1000)
YEAR = time.gmtime(ASKED_AT_MS / 1000).tm_year
CERTIFICATE = f"rrweb/erasures/{YEAR}/e1.json"
NONE = {
    kind: {"objects": 0, "bytes": 0}
    for kind in ("stream", "large", "batch", "screenshot", "other", "kept")
}


def asked(**more: Any) -> dict[str, Any]:
    return {
        "owner": "user#u",
        "erasureId": "e1",
        "askedBy": "u",
        "askedAtMs": ASKED_AT_MS,
        "siteKeys": [],
        **more,
    }


ONE = asked(recordingId="r")
VISITOR = asked(
    owner="site#shop",
    subject="visitor/v",
    index="byVisitor",
    attribute="ownerVisitor",
    value="site#shop#v",
    siteKeys=["wk_a", "wk_b"],
)


def world(refuses: Refuses = lambda _, __: None, stubborn: Iterable[str] = ()) -> World:
    """Return a store with one recording of the user, and objects of a neighbour."""
    made = World(
        objects={
            f"{FOLDER}stream/a.gz": 10,
            f"{FOLDER}stream/b.gz": 5,
            f"{FOLDER}large/7": 100,
            f"{FOLDER}screenshot": 3,
            f"{KEPT}stream/a.gz": 10,
            f"{KEPT}asset/abc": 1,
            "rrweb/kept/userId=u/sessionId=r2/asset/abc": 1,
            "rrweb/recordings/userId=u/sessionId=r2/stream/a.gz": 1,
            "rrweb/recordings/userId=u2/sessionId=r/stream/a.gz": 1,
            "rrweb/assets/userId=u/abc": 1,
        },
        refuses=refuses,
        stubborn=set(stubborn),
    )
    made.item("user#u", "r", pageUrl={"S": "https://shop.example/s3cret"})
    return made


NEIGHBOURS = {
    "rrweb/kept/userId=u/sessionId=r2/asset/abc": 1,
    "rrweb/recordings/userId=u/sessionId=r2/stream/a.gz": 1,
    "rrweb/recordings/userId=u2/sessionId=r/stream/a.gz": 1,
    "rrweb/assets/userId=u/abc": 1,
}


def test_a_recording_is_removed_and_its_neighbours_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert ended.status == "SUCCEEDED"
    assert store.objects == NEIGHBOURS
    removed = {
        **NONE,
        "stream": {"objects": 2, "bytes": 15},
        "large": {"objects": 1, "bytes": 100},
        "screenshot": {"objects": 1, "bytes": 3},
        "kept": {"objects": 2, "bytes": 11},
    }
    proof = store.written[CERTIFICATE]
    assert proof.pop("finishedAtMs") >= ASKED_AT_MS
    assert proof == {
        "executionId": "e1",
        "owner": "user#u",
        "recordingId": "r",
        "askedBy": "u",
        "askedAtMs": ASKED_AT_MS,
        "recordings": 1,
        "removed": removed,
        "lastLook": {"objects": 0},
        "unsortedObjects": 0,
    }
    tombstone = store.items[USER]
    assert json.loads(tombstone["removed"]["S"]) == removed
    assert tombstone["erasureState"] == {"S": "done"}
    assert "s3cret" not in json.dumps(tombstone)
    assert "createdAtMs" not in tombstone


def test_the_tombstone_comes_before_anything_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()

    run(MACHINE, store, ONE, monkeypatch)

    assert store.calls[:3] == ["getItem", "putItem", "listObjectsV2"]


def test_what_firehose_delivers_during_the_wait_is_removed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = world()
    store.after_wait = lambda: store.objects.update({f"{FOLDER}stream/late.gz": 7})

    run(MACHINE, store, ONE, monkeypatch)

    assert store.objects == NEIGHBOURS
    assert store.written[CERTIFICATE]["removed"]["stream"] == {"objects": 3, "bytes": 22}


def test_three_thousand_objects_are_removed_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()
    store.objects.update({f"{FOLDER}stream/{number:05}.gz": 2 for number in range(3000)})

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert store.objects == NEIGHBOURS
    assert store.written[CERTIFICATE]["removed"]["stream"]["objects"] == 3002
    assert store.calls.count("deleteObjects") == -(-3002 // OBJECTS_A_PAGE) + 3
    assert ended.events < 500


def test_objects_that_firehose_could_not_place_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()
    store.objects["rrweb/failed/x/2026/01/01/a"] = 1

    run(MACHINE, store, ONE, monkeypatch)

    assert store.written[CERTIFICATE]["unsortedObjects"] == 1


ERRORS = ("S3.SlowDownException", "DynamoDb.ProvisionedThroughputExceededException")
CALLS_OF_ONE = 21


@pytest.mark.parametrize("number", range(1, CALLS_OF_ONE + 1))
def test_a_call_that_is_refused_is_made_again(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    store = world(refuses=lambda call, _: ERRORS[0] if call == number else None)

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert ended.status == "SUCCEEDED"
    assert store.objects == NEIGHBOURS
    assert len(store.calls) >= number
    assert store.written[CERTIFICATE]["removed"]["stream"] == {"objects": 2, "bytes": 15}


@pytest.mark.parametrize(
    "action", ["getItem", "putItem", "listObjectsV2", "deleteObjects", "putObject", "updateItem"]
)
def test_a_call_that_is_always_refused_is_a_failure_that_can_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    store = world(refuses=lambda _, asked: ERRORS[1] if asked == action else None)

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, store.written.get(CERTIFICATE) if action != "updateItem" else None) == (
        "FAILED",
        None,
    )
    store.refuses = lambda _, __: None
    erasure_id = "e1" if action == "updateItem" else "e2"
    again = run(MACHINE, store, {**ONE, "erasureId": erasure_id}, monkeypatch)
    assert again.status == "SUCCEEDED"
    assert store.items[USER]["erasureState"] == {"S": "done"}
    assert store.objects == NEIGHBOURS


def test_an_object_that_s3_does_not_delete_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world(stubborn={f"{FOLDER}large/7"})

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert ended.status == "FAILED"
    assert store.calls.count("deleteObjects") == MAX_REFUSALS + 2  # and that of the stream
    assert store.items[USER]["erasureState"] == {"S": "failed"}
    assert f"{FOLDER}large/7" in store.objects
    assert store.written == {}


def test_an_object_that_s3_deletes_at_last_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world(stubborn={f"{FOLDER}stream/a.gz"})
    store.after_wait = store.stubborn.clear

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert ended.status == "SUCCEEDED"
    assert store.written[CERTIFICATE]["removed"]["stream"] == {"objects": 2, "bytes": 15}


def test_a_second_erasure_ends_while_the_first_one_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()
    store.items[USER] |= {
        "erasureId": {"S": "e0"},
        "erasureState": {"S": "removing"},
        "erasedAtMs": {"N": str(ASKED_AT_MS)},
    }

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, store.calls) == ("SUCCEEDED", ["getItem"])


def test_an_erasure_that_was_stopped_a_day_ago_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()
    store.items[USER] |= {
        "erasureId": {"S": "e0"},
        "erasureState": {"S": "removing"},
        "erasedAtMs": {"N": str(ASKED_AT_MS - 86_400_001)},
    }

    assert run(MACHINE, store, ONE, monkeypatch).status == "SUCCEEDED"
    assert store.objects == NEIGHBOURS


def test_an_id_without_a_recording_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    store = world()

    ended = run(MACHINE, store, asked(recordingId="r9"), monkeypatch)

    assert (ended.status, store.calls, list(store.items)) == ("SUCCEEDED", ["getItem"], [USER])


def shop(count: int, **members: Any) -> World:
    """Return a site with so many recordings of the visitor, and one of another."""
    store = World(**members)
    for number in range(count + 1):
        visitor = "v" if number < count else "v2"
        store.item(
            "site#shop",
            f"r{number}",
            siteKey={"S": "wk_old"},
            ownerVisitor={"S": f"site#shop#{visitor}"},
        )
        for key in ("wk_old", "wk_b"):
            folder = f"rrweb/recordings/siteKey={key}/sessionId=r{number}"
            store.objects[f"{folder}/batch/000000000"] = 4
    return store


def test_a_recording_that_expires_while_its_erasure_starts_gets_no_tombstone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def expires(_: int, action: str) -> None:
        if action == "putItem":
            store.items.pop(USER, None)  # DynamoDB deletes the item by its TTL

    store = world()
    store.refuses = expires

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, store.items, store.written) == ("SUCCEEDED", {}, {})


def test_a_recording_that_has_expired_and_is_still_there_is_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = world()
    store.items[USER]["expiresAt"] = {"N": "5"}

    ended = run(MACHINE, store, ONE, monkeypatch)

    assert (ended.status, store.objects) == ("SUCCEEDED", NEIGHBOURS)
    # So DynamoDB does not delete the tombstone by the time of the recording.
    assert int(store.items[USER]["expiresAt"]["N"]) > ASKED_AT_MS / 1000


def test_all_recordings_of_a_user_are_certified_with_what_firehose_could_not_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = world()
    store.objects["rrweb/failed/x/2026/01/01/a"] = 1
    everything = asked(subject="user/u", index="newestFirst", attribute="owner", value="user#u")

    ended = run(MACHINE, store, everything, monkeypatch)

    assert ended.status == "SUCCEEDED"
    proof = store.written[CERTIFICATE]
    assert (proof["recordings"], proof["unsortedObjects"]) == (1, 1)


def test_all_recordings_of_a_visitor_are_removed_under_every_key_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = shop(5)

    ended = run(MACHINE, store, VISITOR, monkeypatch)

    assert ended.status == "SUCCEEDED"
    assert {key.split("/")[3] for key in store.objects} == {"sessionId=r5"}
    proof = store.written[CERTIFICATE]
    assert (proof["subject"], proof["recordings"]) == ("visitor/v", 5)
    assert proof["removed"] == {**NONE, "batch": {"objects": 10, "bytes": 40}}
    done = [id_ for (_, id_), item in store.items.items() if "erasureId" in item]
    assert sorted(done) == ["r0", "r1", "r2", "r3", "r4", "visitor/v"]


def test_a_visitor_of_more_recordings_than_a_page_is_erased_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, written = shop(21), json.dumps(MACHINE)
    assert written.count(f'"Limit": {RECORDINGS_A_PAGE}') == 1
    machine = json.loads(written.replace(f'"Limit": {RECORDINGS_A_PAGE}', '"Limit": 20'))

    ended = run(machine, store, VISITOR, monkeypatch)

    assert store.calls.count("query") == 3  # the last one finds none
    assert store.written[CERTIFICATE]["recordings"] == 21
    # AWS counts to 25,000: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    assert ended.events * 10_000 / RECORDINGS_A_PAGE / 3 < 25_000
    assert len(json.dumps(ended.output)) < 256 * 1024


def test_a_visitor_s_erasure_fails_if_one_recording_does_and_removes_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubborn = "rrweb/recordings/siteKey=wk_old/sessionId=r1/batch/000000000"
    store = shop(3, stubborn={stubborn})

    ended = run(MACHINE, store, VISITOR, monkeypatch)

    assert ended.status == "FAILED"
    assert store.items["site#shop", "visitor/v"]["erasureState"] == {"S": "failed"}
    assert store.items["site#shop", "r1"]["erasureState"] == {"S": "failed"}
    assert store.items["site#shop", "r2"]["erasureState"] == {"S": "done"}
    assert store.written == {}


def test_every_call_is_made_again_and_every_failure_has_a_way() -> None:
    tasks = [(name, one) for name, one in states(MACHINE) if one["Type"] in {"Task", "Map"}]

    assert len(tasks) > 15
    assert [name for name, one in tasks if one["Retry"][-1]["ErrorEquals"] != ["States.ALL"]] == []
    assert [name for name, one in tasks if one["Catch"][-1]["ErrorEquals"] != ["States.ALL"]] == []


@pytest.mark.parametrize("machine", [MACHINE, MACHINE["States"]["EraseEach"]["ItemProcessor"]])
def test_every_state_is_reached_and_leads_on(machine: dict[str, Any]) -> None:
    """AWS refuses a definition otherwise."""
    reached = {machine["StartAt"]}.union(*(targets(one) for one in machine["States"].values()))

    assert reached == set(machine["States"])
    ends = [one for one in machine["States"].values() if not targets(one)]
    assert all(one.get("End") or one["Type"] in {"Succeed", "Fail"} for one in ends)


def test_the_definition_is_one_that_aws_takes() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    assert len(json.dumps(MACHINE).encode()) < 1_048_576
    assert max(len(name) for name, _ in states(MACHINE)) <= 80


def test_the_role_may_erase_recordings_and_write_certificates_alone() -> None:
    table, bucket = "arn:aws:dynamodb:eu-west-1:1:table/t", "arn:aws:s3:::b"
    machine = "arn:aws:states:eu-west-1:1:stateMachine:erasure"

    policy = json.loads(machine_policy(erasure_statements(table, bucket), machine, MAP_LABEL))

    assert [(one["Action"], one["Resource"]) for one in policy["Statement"]] == [
        (["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], table),
        ("dynamodb:Query", [f"{table}/index/newestFirst", f"{table}/index/byVisitor"]),
        ("s3:ListBucket", bucket),
        ("s3:DeleteObject", [f"{bucket}/rrweb/recordings/*", f"{bucket}/rrweb/kept/*"]),
        ("s3:PutObject", f"{bucket}/rrweb/erasures/*"),
        ("states:StartExecution", machine),
        (
            ["states:DescribeExecution", "states:StopExecution"],
            "arn:aws:states:eu-west-1:1:execution:erasure/recordings:*",
        ),
    ]
