"""Delivery to moto's S3: buffering, partitions, objects, the thread and faults."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.firehose import DeliveryStream, delivery_stream, parse_config
from tests.moto_account import moto_account
from tests.sandbox.firehose_cloud import INPUTS, Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with moto_account():
        yield Cloud()


def test_a_partition_becomes_one_object_after_its_interval(cloud: Cloud) -> None:
    stream = cloud.stream()
    first, second = cloud.put("u1", "r1", "1"), cloud.put("u1", "r1", "2")
    stream.run_once()
    cloud.now += 59.9
    stream.run_once()
    assert cloud.objects() == {}

    cloud.now += 0.1
    stream.run_once()

    ((key, body),) = cloud.objects().items()
    name = rf"events-1-{datetime.now(UTC):%Y-%m-%d}-\d\d-\d\d-\d\d-[0-9a-f-]{{36}}\.gz"
    assert re.fullmatch(rf"r/u1/r1/stream/{name}", key)
    assert body == first + b"\n" + second + b"\n"
    assert stream.status().active_partitions == 0
    assert cloud.clients_made == [("kinesis", "arn:role/read"), ("s3", "arn:role/write")]


def test_each_partition_has_its_own_interval(cloud: Cloud) -> None:
    stream = cloud.stream()
    cloud.put("u1", "r1")
    stream.run_once()
    cloud.now += 30
    cloud.put("u2", "r2")
    stream.run_once()
    cloud.now += 30
    stream.run_once()

    assert [key.split("/stream/")[0] for key in cloud.objects()] == ["r/u1/r1"]


def test_speed_shortens_the_interval(cloud: Cloud) -> None:
    stream = cloud.stream(speed=30.0)
    cloud.put("u1", "r1")
    stream.run_once()
    cloud.now += 2.0
    stream.run_once()

    assert len(cloud.objects()) == 1


def test_a_full_partition_is_delivered_at_once(cloud: Cloud) -> None:
    # AWS's minimum would need 64 MiB of test data.
    config = replace(parse_config(INPUTS), size_bytes=150)
    stream = DeliveryStream(config, cloud.client_for, monotonic=lambda: cloud.now)
    cloud.put("u1", "r1", "x" * 50)
    stream.run_once()
    assert cloud.objects() == {}

    cloud.put("u1", "r1", "x" * 50)
    stream.run_once()

    assert len(cloud.objects()) == 1


def test_a_record_older_than_the_stream_is_not_delivered(cloud: Cloud) -> None:
    cloud.put("u1", "before")
    threading.Event().wait(0.01)  # Kinesis keeps milliseconds
    stream = cloud.stream()
    cloud.put("u1", "after")

    stream.flush(read_first=True)

    assert [key.split("/")[2] for key in cloud.objects()] == ["after"]


def test_a_repeated_delivery_has_another_name_and_counts_once(cloud: Cloud) -> None:
    stream = cloud.stream()
    stream.faults.deliver_twice = True
    record = cloud.put("u1", "r1")

    stream.flush(read_first=True)

    assert list(cloud.objects().values()) == [record + b"\n"] * 2
    status = stream.status()
    assert (status.records_delivered, status.objects_written) == (1, 2)


def test_paused_reading_leaves_records_in_kinesis(cloud: Cloud) -> None:
    stream = cloud.stream()
    stream.faults.pause_reading = True
    cloud.put("u1", "r1")
    stream.flush(read_first=True)
    assert stream.status().records_read == 0

    stream.faults.pause_reading = False

    assert stream.flush(read_first=True) == 0
    assert stream.status().records_delivered == 1


def test_the_status_has_the_start_of_the_oldest_wait(cloud: Cloud) -> None:
    stream = cloud.stream()
    cloud.put("u1", "r1")
    stream.run_once()

    oldest = stream.status().oldest_buffered_at
    assert oldest is not None
    assert datetime.now(UTC) - oldest < timedelta(minutes=1)
    assert stream.flush() == 0
    assert stream.status().oldest_buffered_at is None


def test_the_thread_resumes_where_it_stopped(cloud: Cloud) -> None:
    config = parse_config(INPUTS)
    stream = DeliveryStream(config, cloud.client_for, speed=600.0)  # an interval of 0.1 s
    stream.start()
    stream.start()
    cloud.put("u1", "r1")
    wait_for(lambda: stream.status().records_delivered == 1)
    assert stream.stop()
    assert not stream.status().running

    cloud.put("u1", "r2")
    stream.start()
    wait_for(lambda: stream.status().records_delivered == 2)

    assert stream.stop(flush=True)
    assert len(cloud.objects()) == 2


def test_a_record_that_it_is_woken_for_is_read_before_the_next_poll(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_stream, "POLL_SECONDS", 600.0)
    stream = cloud.stream(speed=6_000.0)
    read_once, rounds = stream.run_once, list[int]()
    monkeypatch.setattr(stream, "run_once", lambda: rounds.append(found := read_once()) or found)
    stream.start()
    wait_for(lambda: rounds == [0])

    cloud.put("u1", "r1")
    stream.wake()

    wait_for(lambda: stream.status().records_read == 1)
    assert stream.stop()


def test_stopping_with_a_flush_delivers_the_records_left_in_kinesis(cloud: Cloud) -> None:
    stream = cloud.stream()
    cloud.put("u1", "r1")

    assert stream.stop(flush=True)

    assert stream.status().records_delivered == 1


def wait_for(condition: Any) -> None:
    """Return when the condition holds; fail after ten seconds."""
    pause = threading.Event()
    assert any(condition() or pause.wait(0.02) for _ in range(500))
