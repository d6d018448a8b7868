"""The state machine that keeps: what is kept is whole, and what is not kept leaves no copy."""

import json
from typing import Any

import pytest

from components.store import keeping_copies
from components.store.keeping import keeping_statements
from components.store.keeping_copies import MAP_LABEL, MAX_LOOKS, OBJECTS_A_PAGE
from components.store.keeping_machine import NEVER, keeping_machine
from components.store.store_machine import machine_policy
from tests.components.store.keeping_world import KeepingWorld
from tests.components.store.kept_recording import (
    ALL,
    FROM,
    MACHINE,
    ONE,
    OTHER,
    OWN,
    PLACES,
    SHA,
    TO,
    copies,
    kept,
    of,
)
from tests.components.store.state_machine import run, states, targets


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
