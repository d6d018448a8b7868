"""The tail of the stream: which shards, how far, and what happens when Kinesis has no time."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from handlers import kinesis_tail
from handlers.answer_body import PlainBody
from handlers.kinesis_tail import MAX_CALLS, MAX_SECONDS, Tail, TailRead, partition_key
from handlers.position import Position
from tests.handlers.fakes import LAST_HASH, OWN_HASH, Cloud, Shard, refused
from tests.handlers.given import RECORDING, envelope

THROTTLED = "ProvisionedThroughputExceededException"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def read(cloud: Cloud, since_ms: int = 0) -> TailRead:
    return cloud.tail.read(RECORDING, since_ms)


def sequences(tail: TailRead) -> list[int | None]:
    return [batch.sequence for batch in tail.batches]


def append(cloud: Cloud, sequence: int, **to: Any) -> None:
    cloud.kinesis.put(envelope(b"{}", sequence), **to)


def test_the_tail_holds_the_recordings_own_batches_and_no_other(cloud: Cloud) -> None:
    append(cloud, 0)
    append(cloud, 1, key="somebody/else")
    cloud.kinesis.put(envelope(b"{}", 2, userId="somebody else's, under this key"))
    cloud.kinesis.put(b"no envelope")
    append(cloud, 3)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0, 3], "complete")


def test_a_batch_is_known_since_kinesis_took_it(cloud: Cloud) -> None:
    append(cloud, 0)

    assert read(cloud).batches[0].stored_at_ms == cloud.clock.ms


def test_what_is_older_is_left_out(cloud: Cloud) -> None:
    append(cloud, 0)
    cloud.clock.sleep(10)
    append(cloud, 1)

    assert sequences(read(cloud, since_ms=cloud.clock.ms - 5000)) == [1]


def test_nothing_is_read_that_firehose_has_long_delivered(cloud: Cloud) -> None:
    append(cloud, 0)
    cloud.clock.sleep(cloud.tail.reach_ms / 1000 + 1)
    append(cloud, 1)

    assert sequences(read(cloud)) == [1]


def test_a_warm_container_goes_on_where_it_was(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(1)
    append(cloud, 1)
    cloud.kinesis.calls.clear()

    assert sequences(read(cloud)) == [0, 1]
    assert cloud.kinesis.calls == ["get_records"]


def test_viewers_of_one_container_share_a_read(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.kinesis.calls.clear()

    assert sequences(read(cloud)) == [0]
    assert cloud.kinesis.calls == []


def test_a_reader_that_looks_further_back_makes_the_shard_be_read_again(cloud: Cloud) -> None:
    append(cloud, 0)
    cloud.clock.sleep(10)
    read(cloud, since_ms=cloud.clock.ms)
    append(cloud, 1)

    assert sequences(read(cloud, since_ms=cloud.clock.ms - 20_000)) == [0, 1]


def test_what_is_kept_is_forgotten_when_it_is_old(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(cloud.tail.reach_ms / 1000 + 1)

    assert sequences(read(cloud)) == []


def test_only_so_many_calls_are_made_and_the_next_request_goes_on(cloud: Cloud) -> None:
    cloud.kinesis.limit = 1
    for sequence in range(MAX_CALLS + 2):
        append(cloud, sequence)

    first, second = read(cloud), read(cloud)

    assert (sequences(first), first.state) == (list(range(MAX_CALLS)), "partial")
    assert (sequences(second), second.state) == (list(range(MAX_CALLS + 2)), "complete")


def test_only_so_many_bytes_are_read(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinesis_tail, "MAX_BYTES", 1)
    cloud.kinesis.limit = 1
    append(cloud, 0)
    append(cloud, 1)

    assert sequences(read(cloud)) == [0]


def test_of_a_busy_shard_the_recordings_own_records_are_kept(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinesis_tail, "MAX_KEPT_BYTES", 1000)
    cloud.kinesis.limit = 1
    append(cloud, 0)
    for sequence in range(1, 5):
        cloud.clock.sleep(1)
        append(cloud, sequence, key="somebody/else")
    append(cloud, 5)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0, 5], "complete")


def test_another_viewer_of_a_busy_shard_reads_it_anew(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinesis_tail, "MAX_KEPT_BYTES", 1000)
    cloud.kinesis.limit = 2
    other = RECORDING._replace(recording_id="another")
    cloud.kinesis.put(envelope(b"{}", 0, recordingId="another"), key=partition_key(other))
    for sequence in range(1, 5):
        append(cloud, sequence)
    assert sequences(read(cloud)) == [1, 2, 3, 4]

    tail = cloud.tail.read(other, 0)

    assert (sequences(tail), tail.state) == ([0], "complete")


def test_a_recording_that_alone_is_too_much_is_given_from_its_start(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinesis_tail, "MAX_KEPT_BYTES", 500)
    cloud.kinesis.limit = 1
    for sequence in range(9):
        append(cloud, sequence)

    first, second = read(cloud), read(cloud)

    assert sequences(first) == sequences(second) == [0, 1, 2][: len(first.batches)]
    assert (first.state, second.state) == ("partial", "partial")


# How far back


@pytest.mark.parametrize("buffer_seconds", [60, 125, 600, 900])
def test_it_reaches_back_as_far_as_firehose_may_not_have_delivered(buffer_seconds: int) -> None:
    cloud = Cloud(buffer_seconds=buffer_seconds)
    append(cloud, 0)
    cloud.clock.sleep(1.5 * buffer_seconds + 60)
    append(cloud, 1)
    assert sequences(cloud.new_tail().read(RECORDING, 0)) == [0, 1]

    cloud.clock.sleep(60)

    assert sequences(cloud.new_tail().read(RECORDING, 0)) == [1]


# Where it ends


@pytest.mark.parametrize("tip_ms", [700, 700_000])
def test_the_tip_may_never_say_that_it_is_the_tip(cloud: Cloud, tip_ms: int) -> None:
    cloud.kinesis.tip_ms = tip_ms
    append(cloud, 0)
    first = read(cloud)
    cold = cloud.kinesis.calls.count("get_records")
    cloud.clock.sleep(1)
    second = read(cloud)
    warm = cloud.kinesis.calls.count("get_records") - cold

    assert (sequences(first), first.state) == ([0], "complete")
    assert (sequences(second), second.state) == ([0], "complete")
    assert (cold, warm) == (2, 1)


def test_a_part_of_a_shard_without_records_is_not_its_tip(cloud: Cloud) -> None:
    cloud.kinesis.gaps_ms = [150_000, 90_000, 30_000]
    append(cloud, 0)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0], "complete")


def test_what_lies_behind_a_longer_part_without_records_comes_with_the_next_request(
    cloud: Cloud,
) -> None:
    cloud.kinesis.gaps_ms = list(range(180_000, 0, -20_000))
    append(cloud, 0)

    first, second = read(cloud), read(cloud)

    assert (sequences(first), first.state) == ([], "unavailable")
    assert (sequences(second), second.state) == ([0], "complete")
    assert cloud.kinesis.calls.count("get_shard_iterator") == 1


def test_a_time_to_come_in_a_forged_cursor_is_no_fault(cloud: Cloud) -> None:
    position = Position(covered_ms=2**53 - 1)
    append(cloud, 0)

    assert cloud.reader().page(position, PlainBody()).tail == "complete"


def test_throttled_it_gives_what_it_has(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(1)
    append(cloud, 1)
    cloud.throttle(1)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0], "partial")


def test_throttled_at_once_it_has_nothing_and_says_so(cloud: Cloud) -> None:
    append(cloud, 0)
    cloud.throttle(99)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([], "unavailable")


@pytest.mark.parametrize("name", ["list_shards", "get_shard_iterator"])
@pytest.mark.parametrize(
    "error",
    [
        refused("LimitExceededException"),
        refused("InternalFailure"),
        EndpointConnectionError(endpoint_url="x"),
        ReadTimeoutError(endpoint_url="x"),
    ],
    ids=["throttled", "failing", "unreachable", "slow"],
)
def test_a_stream_that_does_not_answer_is_unavailable(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    def fail(**request: Any) -> None:
        raise error

    append(cloud, 0)
    monkeypatch.setattr(cloud.kinesis, name, fail)

    assert read(cloud) == TailRead([], "unavailable")


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
@pytest.mark.parametrize("name", ["list_shards", "get_shard_iterator", "get_records"])
def test_a_stream_that_refuses_us_is_our_fault(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    def fail(**request: Any) -> None:
        raise refused(code)

    monkeypatch.setattr(cloud.kinesis, name, fail)

    with pytest.raises(ClientError, match=code):
        read(cloud)


def test_an_iterator_that_has_expired_is_replaced(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(1)
    append(cloud, 1)
    cloud.kinesis.refusals.append("ExpiredIteratorException")

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0, 1], "complete")


def test_only_the_shard_that_the_recording_hashes_to_is_read(cloud: Cloud) -> None:
    low, high = (0, OWN_HASH - 1), (OWN_HASH + 1, LAST_HASH)
    cloud.kinesis.shards = {
        "below": Shard(*low),
        "own": Shard(OWN_HASH, OWN_HASH),
        "above": Shard(*high),
    }
    for name in cloud.kinesis.shards:
        append(cloud, len(name), shard=name)

    assert sequences(read(cloud)) == [3]


def test_a_split_is_followed_from_the_parent_to_its_child(cloud: Cloud) -> None:
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(1)
    append(cloud, 1)
    cloud.kinesis.split("shard-0")
    append(cloud, 2)

    assert sequences(read(cloud)) == [0, 1, 2]
    cloud.clock.sleep(1)
    append(cloud, 3)
    assert sequences(read(cloud)) == [0, 1, 2, 3]


def test_a_cold_container_reads_parent_and_child(cloud: Cloud) -> None:
    append(cloud, 0)
    cloud.kinesis.split("shard-0")
    append(cloud, 1)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == ([0, 1], "complete")


def test_a_shard_that_was_closed_long_ago_is_not_read(cloud: Cloud) -> None:
    cloud.kinesis.split("shard-0")
    cloud.clock.sleep(cloud.tail.reach_ms / 1000 + 1)
    append(cloud, 0)

    assert sequences(read(cloud)) == [0]
    assert cloud.kinesis.calls.count("get_shard_iterator") == 1


def test_a_child_is_not_read_before_its_parent_is_done(cloud: Cloud) -> None:
    cloud.kinesis.limit = 1
    for sequence in range(MAX_CALLS + 1):
        append(cloud, sequence)
    cloud.kinesis.split("shard-0")
    append(cloud, 99)

    tail = read(cloud)

    assert (sequences(tail), tail.state) == (list(range(MAX_CALLS)), "partial")


def test_a_merge_is_followed_from_the_parent_of_the_recording_to_its_child(cloud: Cloud) -> None:
    cloud.kinesis.split("shard-0")
    append(cloud, 0)
    read(cloud)
    cloud.clock.sleep(1)
    append(cloud, 1)
    cloud.kinesis.merge("shard-1", "shard-2")
    append(cloud, 2)

    assert sequences(read(cloud)) == [0, 1, 2]
    assert sequences(cloud.new_tail().read(RECORDING, 0)) == [0, 1, 2]


def test_of_two_merged_shards_the_one_with_the_recording_is_read_first(cloud: Cloud) -> None:
    cloud.kinesis.split("shard-0")
    append(cloud, 0)
    cloud.kinesis.merge("shard-2", "shard-1")
    append(cloud, 1)

    assert sequences(read(cloud)) == [0, 1]


@pytest.mark.parametrize("warm", [True, False])
def test_a_shard_that_is_gone_is_left_to_firehose_and_its_children_are_read(
    cloud: Cloud, warm: bool
) -> None:
    append(cloud, 0)
    read(cloud, since_ms=0 if warm else cloud.clock.ms)
    cloud.clock.sleep(1)
    cloud.kinesis.split("shard-0")
    del cloud.kinesis.shards["shard-0"]
    append(cloud, 1)

    first, second = read(cloud), read(cloud)

    assert (sequences(first), first.state) == (
        [0] if warm else [],
        "partial" if warm else "unavailable",
    )
    assert (sequences(second), second.state) == ([1], "complete")


def test_only_so_much_time_is_spent_and_the_next_request_goes_on(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = cloud.kinesis.get_records

    def slow(**request: Any) -> Any:
        cloud.clock.sleep(MAX_SECONDS / 2)
        return answer(**request)

    monkeypatch.setattr(cloud.kinesis, "get_records", slow)
    cloud.kinesis.limit = 1
    for sequence in range(4):
        append(cloud, sequence)

    first, second = read(cloud), read(cloud)

    assert (sequences(first), first.state) == ([0, 1], "partial")
    assert (sequences(second), second.state) == ([0, 1, 2, 3], "complete")


def test_a_tail_is_for_one_stream() -> None:
    asked: list[str] = []

    class Kinesis:
        def list_shards(self, **request: Any) -> dict[str, Any]:
            asked.append(request["StreamARN"])
            return {"Shards": []}

    tail = Tail(Kinesis(), "arn:aws:kinesis:eu-west-1:1:stream/a", buffer_seconds=60)
    tail.read(RECORDING, 0)

    assert asked == ["arn:aws:kinesis:eu-west-1:1:stream/a"]
