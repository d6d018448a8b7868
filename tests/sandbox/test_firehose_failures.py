"""Bad records and outages: no record is lost, and a failure stops no other record."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import (
    EndpointConnectionError,
)

from sandbox.firehose import delivery_stream as module
from sandbox.firehose import router
from tests.moto_account import moto_account
from tests.sandbox.firehose_cloud import Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with moto_account():
        yield Cloud()


def test_records_without_keys_go_to_the_error_prefix_and_stop_no_other(cloud: Cloud) -> None:
    stream = cloud.stream()
    bad = [
        cloud.put("u1", None),
        cloud.put("u1", ""),
        cloud.put_raw(b"not json"),
        cloud.put_raw(b"\xff\x00"),
    ]
    cloud.put("u1", "r1")

    stream.flush(read_first=True)

    code = "DynamicPartitioning.MetadataExtractionFailed"
    expected = [("metadata-extraction-failed", code, data) for data in bad]
    assert sorted(cloud.failures()) == sorted(expected)
    status = stream.status()
    assert (status.records_read, status.records_delivered, status.records_failed) == (5, 1, 4)
    today = datetime.now(UTC)
    assert f"failed/metadata-extraction-failed/{today:%Y/%m/%d}/events-1-" in min(cloud.objects())


def test_an_error_line_has_the_time_and_the_reason(cloud: Cloud) -> None:
    stream = cloud.stream()
    cloud.put_raw(b"not json")
    stream.flush(read_first=True)

    (body,) = cloud.objects().values()
    line = json.loads(body)
    now_ms = datetime.now(UTC).timestamp() * 1000
    assert now_ms - 60_000 < line.pop("arrivalTimestamp") <= line.pop("attemptEndingTimestamp")
    assert line == {
        "attemptsMade": 1,
        "errorCode": "DynamicPartitioning.MetadataExtractionFailed",
        "errorMessage": "Non JSON record provided",
        "rawData": base64.b64encode(b"not json").decode(),
    }


def test_a_partition_over_the_limit_fails_until_another_is_delivered(cloud: Cloud) -> None:
    stream = cloud.stream(active_partition_limit=2)
    cloud.put("u1", "r1")
    cloud.put("u1", "r2")
    stream.run_once()
    surplus = cloud.put("u1", "r3")
    cloud.put("u1", "r1", "known partitions still take records")
    stream.run_once()
    assert stream.status().active_partitions == 2

    stream.flush()
    cloud.put("u1", "r3")
    stream.flush(read_first=True)

    code = "DynamicPartitioning.ActivePartitionLimitExceeded"
    assert cloud.failures() == [("activePartitionExceeded", code, surplus)]
    assert stream.status().records_delivered == 4


def test_a_record_over_a_thousand_kib_goes_to_the_error_prefix(cloud: Cloud) -> None:
    assert router.MAX_RECORD_BYTES == 1_024_000
    stream = cloud.stream()
    overhead = len(json.dumps({"userId": "u1", "recordingId": "r1", "events": ""}))
    cloud.put("u1", "r1", "x" * (1_024_000 - overhead))
    large = cloud.put("u1", "r1", "x" * (1_024_001 - overhead))

    stream.flush(read_first=True)

    expected = [("sandbox-record-too-large", "Sandbox.RecordTooLarge", large)]
    assert cloud.failures() == expected
    assert stream.status().records_delivered == 1


def test_hostile_keys_are_not_escaped_and_a_prefix_over_512_characters_fails(cloud: Cloud) -> None:
    stream = cloud.stream()
    cloud.put("a/b", "日本 é")
    cloud.put("u1", "x" * 500)

    stream.flush(read_first=True)

    assert [kind for kind, _, _ in cloud.failures()] == ["sandbox-prefix-too-long"]
    assert [key.split("/stream/")[0] for key in cloud.objects() if "/stream/" in key] == [
        "r/a/b/日本 é"
    ]


def test_a_refusal_by_s3_loses_no_record_and_is_retried(cloud: Cloud) -> None:
    stream = cloud.stream()
    first = cloud.put("u1", "r1", "1")
    stream.run_once()
    stream.faults.refuse_s3 = True
    cloud.now += 60
    stream.run_once()
    second = cloud.put("u1", "r1", "2")
    stream.run_once()

    status = stream.status()
    assert (status.records_buffered, status.active_partitions) == (2, 1)
    assert "AccessDenied" in (status.last_error or "")

    stream.faults.refuse_s3 = False
    cloud.now += 31
    stream.run_once()

    assert list(cloud.objects().values()) == [first + b"\n" + second + b"\n"]


def test_an_outage_of_all_services_loses_no_record(cloud: Cloud) -> None:
    cloud.is_down = True
    stream = cloud.stream()
    stream.run_once()
    record = cloud.put("u1", "r1")
    assert "Could not connect" in (stream.status().last_error or "")

    cloud.is_down = False
    cloud.now += 31
    stream.run_once()
    cloud.now += 60
    stream.run_once()

    assert list(cloud.objects().values()) == [record + b"\n"]


def test_a_round_waits_for_one_timeout_of_s3_and_each_object_backs_off(
    cloud: Cloud,
) -> None:
    stream = cloud.stream()
    cloud.put("u1", "r1")
    cloud.put("u2", "r2")
    stream.run_once()
    stream.faults.pause_reading = True
    cloud.is_down = True
    cloud.now += 60
    cloud.clients_made.clear()

    stream.run_once()
    assert len(cloud.clients_made) == 1
    stream.run_once()
    stream.run_once()

    assert len(cloud.clients_made) == 2


def test_a_write_with_a_lost_answer_is_overwritten(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = cloud.stream()
    record = cloud.put("u1", "r1")
    stream.run_once()
    put_object = cloud.s3.put_object

    def put_and_lose_the_answer(**request: Any) -> None:
        put_object(**request)
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(cloud.s3, "put_object", put_and_lose_the_answer)
    assert stream.flush() == 1
    monkeypatch.undo()

    assert stream.flush() == 0
    # A new client for the second try: the credentials may have expired.
    assert [service for service, _ in cloud.clients_made] == ["kinesis", "s3", "s3"]
    assert list(cloud.objects().values()) == [record + b"\n"]


def test_records_stay_in_kinesis_while_the_buffer_for_s3_is_full(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BUFFERED_BYTES", 10)
    stream = cloud.stream()
    cloud.put("u1", "r1")
    stream.run_once()
    cloud.put("u1", "r2")
    stream.run_once()
    assert stream.status().records_read == 1

    stream.flush()
    stream.flush(read_first=True)

    assert stream.status().records_delivered == 2
