"""The order in which shards are read, with a Kinesis that closes shards (moto's does not)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
)

from sandbox.firehose.clients import RoleClient
from sandbox.firehose.stream_reader import SourceRecord, StreamReader

START = datetime(2026, 3, 4, 5, 6, 7, 250_900, tzinfo=UTC)


@dataclass
class FakeShard:
    parents: list[str] = field(default_factory=list[str])
    records: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    is_closed: bool = False


@dataclass
class FakeKinesis:
    """The part of Kinesis that a reader calls; sequence numbers are integers as text."""

    shards: dict[str, FakeShard] = field(default_factory=lambda: {"0": FakeShard()})
    failures: list[Exception] = field(default_factory=list[Exception])
    iterators: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    page_size: int = 100
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, shard: str, data: str, arrived_at: datetime = START) -> None:
        self.shards[shard].records.append(
            {
                "Data": data.encode(),
                "SequenceNumber": str(next(self.numbers)),
                "ApproximateArrivalTimestamp": arrived_at,
            }
        )

    def reshard(self, old: list[str], new: list[str]) -> None:
        for name in old:
            self.shards[name].is_closed = True
        for name in new:
            self.shards[name] = FakeShard(parents=old)

    def list_shards(self, **request: str) -> dict[str, Any]:
        self._fail()
        assert request["StreamARN"] == "arn:stream"
        start = int(request.get("NextToken", "0"))
        names = list(self.shards)[start : start + self.page_size]
        more = start + self.page_size < len(self.shards)
        return {
            "Shards": [
                {
                    "ShardId": name,
                    **dict(
                        zip(
                            ("ParentShardId", "AdjacentParentShardId"),
                            self.shards[name].parents,
                            strict=False,
                        )
                    ),
                }
                for name in names
            ],
            **({"NextToken": str(start + self.page_size)} if more else {}),
        }

    def get_shard_iterator(self, **request: Any) -> dict[str, str]:
        self._fail()
        shard = self.shards[request["ShardId"]]
        if request["ShardIteratorType"] == "AT_TIMESTAMP":
            since = request["Timestamp"].replace(microsecond=0)  # as botocore sends it
            wanted = [one["ApproximateArrivalTimestamp"] >= since for one in shard.records]
        else:
            assert request["ShardIteratorType"] == "AFTER_SEQUENCE_NUMBER"
            after = int(request["StartingSequenceNumber"])
            wanted = [int(one["SequenceNumber"]) > after for one in shard.records]
        position = wanted.index(True) if True in wanted else len(wanted)
        return {"ShardIterator": self._iterator(request["ShardId"], position)}

    def get_records(self, **request: Any) -> dict[str, Any]:
        self._fail()
        if request["ShardIterator"] not in self.iterators:
            raise refusal("ExpiredIteratorException")
        name, position = self.iterators[request["ShardIterator"]]
        shard = self.shards[name]
        answer: dict[str, Any] = {"Records": shard.records[position : position + 2]}
        if not (shard.is_closed and position + 2 >= len(shard.records)):
            end = position + len(answer["Records"])
            answer["NextShardIterator"] = self._iterator(name, end)
        return answer

    def _iterator(self, shard: str, position: int) -> str:
        token = f"iterator-{len(self.iterators)}"
        self.iterators[token] = (shard, position)
        return token

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "GetRecords")


@dataclass
class Reading:
    """A reader, its records and its errors."""

    kinesis: FakeKinesis
    data: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])
    clients_made: int = 0
    now: float = 1_000.0

    def __post_init__(self) -> None:
        self.reader = StreamReader(
            "arn:stream",
            RoleClient(self._client_for, "kinesis", "arn:role"),
            since=START,
            speed=1.0,
            report=self.errors.append,
        )

    def rounds(self, rounds: int, seconds_each: float = 31.0) -> list[str]:
        """Return all records read so far; the default pause is longer than any backoff."""
        for _ in range(rounds):
            self.now += seconds_each
            self.reader.read_round(self.now, self._take)
        return self.data

    def _take(self, records: list[SourceRecord]) -> None:
        self.data += [record.data.decode() for record in records]

    def _client_for(self, service: str, role_arn: str) -> FakeKinesis:
        assert (service, role_arn) == ("kinesis", "arn:role")
        self.clients_made += 1
        return self.kinesis


def test_each_record_since_the_start_is_read_once() -> None:
    kinesis = FakeKinesis()
    kinesis.put("0", "before", START - timedelta(milliseconds=1))
    kinesis.put("0", "same millisecond", START.replace(microsecond=250_000))
    reading = Reading(kinesis)
    reading.rounds(2)
    kinesis.put("0", "after", START + timedelta(seconds=1))

    assert reading.rounds(3) == ["same millisecond", "after"]
    assert reading.errors == []


def test_shards_of_every_page_are_read() -> None:
    kinesis = FakeKinesis({"0": FakeShard(), "1": FakeShard(), "2": FakeShard()}, page_size=1)
    kinesis.put("0", "a")
    kinesis.put("1", "b")
    kinesis.put("2", "c")

    assert Reading(kinesis).rounds(1) == ["a", "b", "c"]


def test_after_a_split_the_parent_is_read_to_its_end_before_its_children() -> None:
    kinesis = FakeKinesis()
    reading = Reading(kinesis)
    reading.rounds(1)
    kinesis.put("0", "1")
    kinesis.put("0", "2")
    kinesis.put("0", "3")
    kinesis.reshard(["0"], ["1", "2"])
    kinesis.put("1", "4")
    kinesis.put("2", "5")

    assert reading.rounds(6, seconds_each=1.0) == ["1", "2", "3", "4", "5"]
    assert reading.errors == []


def test_after_a_merge_the_child_waits_for_both_parents() -> None:
    kinesis = FakeKinesis({"0": FakeShard(), "1": FakeShard()})
    reading = Reading(kinesis)
    kinesis.put("0", "a1")
    kinesis.put("1", "b1")
    kinesis.put("1", "b2")
    kinesis.put("1", "b3")
    kinesis.reshard(["0", "1"], ["2"])
    kinesis.put("2", "c")

    assert reading.rounds(6, seconds_each=1.0) == ["a1", "b1", "b2", "b3", "c"]


def test_a_shard_that_disappears_is_followed_by_its_children() -> None:
    kinesis = FakeKinesis()
    kinesis.put("0", "1")
    reading = Reading(kinesis)
    reading.rounds(1)
    kinesis.reshard(["0"], ["1", "2"])
    del kinesis.shards["0"]
    kinesis.failures.append(refusal("ResourceNotFoundException"))
    kinesis.put("2", "2")

    assert reading.rounds(2, seconds_each=1.0) == ["1", "2"]
    assert "0 is gone" in " ".join(reading.errors)


@pytest.mark.parametrize(
    "failure",
    [
        refusal("ExpiredIteratorException"),
        refusal("ProvisionedThroughputExceededException"),
        refusal("ExpiredTokenException"),
        refusal("AccessDeniedException"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
    ],
)
def test_reading_resumes_at_the_next_record_after_a_failure(failure: Exception) -> None:
    kinesis = FakeKinesis()
    kinesis.put("0", "1")
    reading = Reading(kinesis)
    reading.rounds(1)
    kinesis.failures += [failure] * 7
    kinesis.iterators.clear()
    kinesis.put("0", "2")

    assert reading.rounds(9) == ["1", "2"]
    assert str(failure) in reading.errors[-1]
    assert reading.clients_made == 8  # one more for each failure: its credentials may have expired


def test_a_record_that_arrives_before_the_first_answer_is_not_lost() -> None:
    kinesis = FakeKinesis(failures=[refusal("LimitExceededException")] * 3)
    reading = Reading(kinesis)
    reading.rounds(3)
    kinesis.put("0", "1", START + timedelta(seconds=2))

    assert reading.rounds(1) == ["1"]


def test_an_iterator_that_expires_before_the_first_record_loses_nothing() -> None:
    kinesis = FakeKinesis()
    reading = Reading(kinesis)
    reading.rounds(1)
    kinesis.iterators.clear()
    kinesis.put("0", "1")

    assert reading.rounds(2) == ["1"]


def test_retries_wait_longer_each_time_but_never_over_thirty_seconds() -> None:
    kinesis = FakeKinesis()
    reading = Reading(kinesis)
    reading.rounds(1)
    kinesis.failures += [refusal("InternalFailureException")] * 1_000

    reading.rounds(3_000, seconds_each=0.1)

    # After 0, 1, 3, 7, 15 and 31 seconds, then every 30: 14 tries in 300 s. The list of shards is
    # renewed every 10 s and fails on its own, with the same pauses.
    reads = [error for error in reading.errors if error.startswith("reading 0")]
    assert 12 <= len(reads) <= 14
