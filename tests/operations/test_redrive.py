"""Redrive: each failed record is restored once, despite repeated or interrupted runs."""

import base64
import copy
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.envelope import RecordingId
from handlers.stored_objects import RecordingObjects
from operations.redrive import FAILED, Redrive, Report, main, owner_of
from sandbox.firehose import DeliveryStream, parse_config
from tests.engine import deploy_program
from tests.moto_account import REGION, client, moto_account
from tests.recordings_table import create_recordings_table
from tests.sandbox.firehose_cloud import INPUTS, Cloud

USER = "11111111-2222-3333-4444-555555555555"
TABLE = "recordings-table"


class Failing(Cloud):
    """The program's own Firehose over moto, and a table of recordings."""

    def __init__(self) -> None:
        super().__init__()
        self.dynamodb: Any = client("dynamodb")
        create_recordings_table(self.dynamodb, TABLE)

    def stream(self, **options: Any) -> DeliveryStream:
        own = deploy_program("dev").inputs(
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "events"
        )["extendedS3Configuration"]
        inputs = copy.deepcopy(INPUTS)
        for name in ("prefix", "errorOutputPrefix", "processingConfiguration"):
            inputs["extendedS3Configuration"][name] = own[name]
        return DeliveryStream(
            parse_config(inputs), self.client_for, monotonic=lambda: self.now, **options
        )

    def create(self, *ids: str) -> None:
        for id_ in ids:
            self.create_until(id_, time.time() + 60)

    def create_until(self, id_: str, expires_at: float) -> None:
        item = {
            "owner": {"S": f"user#{USER}"},
            "recordingId": {"S": id_},
            "expiresAt": {"N": str(int(expires_at))},
        }
        self.dynamodb.put_item(TableName=TABLE, Item=item)

    def erase(self, id_: str) -> None:
        """Put a tombstone in the place of the item."""
        item = {
            "owner": {"S": f"user#{USER}"},
            "recordingId": {"S": id_},
            "erasureId": {"S": "an-execution"},
            "expiresAt": {"N": str(int(time.time() + 60))},
        }
        self.dynamodb.put_item(TableName=TABLE, Item=item)

    def send(self, id_: str, sequence: int, text: str = "") -> None:
        """Put an envelope on the stream, as the API does."""
        events = json.dumps({"timestamp": sequence, "text": text})
        envelope = {
            "userId": USER,
            "recordingId": id_,
            "sequence": sequence,
            "receivedAtMs": 1_790_000_000_000 + sequence,
            "requestId": f"{id_}-{sequence}",
            "encoding": "identity",
            "events": base64.b64encode(events.encode()).decode(),
        }
        self.put_raw(json.dumps(envelope).encode())

    def redrive(self, s3: Any = None) -> Redrive:
        return Redrive(s3=s3 or self.s3, dynamodb=self.dynamodb, bucket="recordings", table=TABLE)

    def failed(self) -> list[str]:
        return [key for key in self.objects() if key.startswith(FAILED)]

    def sequences(self, id_: str) -> list[int | None]:
        """Return the sequence of each batch of a recording, as the API reads it."""
        prefix = f"rrweb/recordings/userId={USER}/sessionId={id_}/"
        stored = RecordingObjects(self.s3, "recordings", prefix, RecordingId(USER, id_))
        opened = stored.opened(stored.listed().deliveries)
        batches = [batch for _, found in opened for batch in found]
        assert None not in batches  # every part of the objects is readable
        return [batch.sequence for batch in batches if batch is not None]


@pytest.fixture
def cloud() -> Iterator[Failing]:
    with moto_account():
        yield Failing()


def over_the_limit(cloud: Failing) -> None:
    """Create one failed object with batches of `r2` and `r3`; the batch of `r1` is delivered."""
    stream = cloud.stream(active_partition_limit=1)
    cloud.create("r1", "r2", "r3")
    cloud.send("r1", 0)
    stream.run_once()
    cloud.send("r2", 0)
    cloud.send("r3", 0)
    cloud.send("r2", 1)
    stream.flush(read_first=True)
    assert [key.split("/")[2] for key in cloud.failed()] == ["activePartitionExceeded"]


def test_batches_over_the_partition_limit_are_restored_to_their_recordings(
    cloud: Failing,
) -> None:
    over_the_limit(cloud)

    report = cloud.redrive().run()

    assert report == Report(restored=3, left=0, objects=1)
    assert cloud.failed() == []
    assert {id_: cloud.sequences(id_) for id_ in ("r1", "r2", "r3")} == {
        "r1": [0],
        "r2": [0, 1],
        "r3": [0],
    }


def test_a_record_that_is_too_large_for_firehose_is_restored(cloud: Failing) -> None:
    stream = cloud.stream()
    cloud.create("r1")
    cloud.send("r1", 0, "x" * 770_000)
    stream.flush(read_first=True)
    assert [key.split("/")[2] for key in cloud.failed()] == ["sandbox-record-too-large"]

    cloud.redrive().run()

    assert (cloud.failed(), cloud.sequences("r1")) == ([], [0])


def test_a_batch_without_a_recording_stays_and_is_reported_in_each_run(cloud: Failing) -> None:
    stream = cloud.stream()
    cloud.create("r1")
    cloud.put_raw(b"not json")
    cloud.put(None, "r1")
    cloud.put(USER, "")
    stream.flush(read_first=True)
    before = cloud.objects()

    reports = [cloud.redrive().run() for _ in range(2)]

    assert [key.split("/")[2] for key in before] == ["metadata-extraction-failed"]
    assert reports == [Report(left=3)] * 2
    assert cloud.objects() == before


def test_a_recording_id_that_the_api_would_refuse_is_not_restored(cloud: Failing) -> None:
    stream = cloud.stream()
    cloud.put(USER, "x" * 500)
    stream.flush(read_first=True)
    assert [key.split("/")[2] for key in cloud.failed()] == ["sandbox-prefix-too-long"]

    assert cloud.redrive().run() == Report(left=1)


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"[]",
        b"7",
        b'{"userId": "u"}',
        b'{"userId": "a/b", "recordingId": "r"}',
        b'{"userId": "u", "recordingId": ".."}',
        b'{"userId": 1, "recordingId": "r"}',
        b'{"userId": "u",\n"recordingId": "r"}',
        b"[" * 100_000,
    ],
)
def test_an_unusable_envelope_has_no_owner(envelope: bytes) -> None:
    assert owner_of(envelope) is None


def test_a_deleted_recording_is_not_restored(cloud: Failing) -> None:
    over_the_limit(cloud)
    cloud.dynamodb.delete_item(
        TableName=TABLE, Key={"owner": {"S": f"user#{USER}"}, "recordingId": {"S": "r2"}}
    )

    first, second = (cloud.redrive().run() for _ in range(2))

    assert (first, second) == (Report(restored=1, left=2), Report(left=2))


def test_an_expired_recording_with_an_item_is_not_restored(
    cloud: Failing,
) -> None:
    over_the_limit(cloud)
    cloud.create_until("r2", time.time() - 1)

    first, second = (cloud.redrive().run() for _ in range(2))

    assert (first, second) == (Report(restored=1, left=2), Report(left=2))
    assert (cloud.sequences("r2"), cloud.sequences("r3")) == ([], [0])


class Interrupted(BaseException):
    """Stands for Ctrl-C."""


class Interrupting:
    """An S3 client that raises at a given call, after its effect unless it reads."""

    def __init__(self, s3: Any, calls: int) -> None:
        self._s3 = s3
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._s3, name)

        def call(**request: Any) -> Any:
            self._calls -= 1
            if self._calls == 0 and name != "get_object":
                method(**request)
            if self._calls <= 0:
                raise Interrupted
            return method(**request)

        return method if name == "get_paginator" else call


@pytest.mark.parametrize("calls", range(1, 5))
def test_a_run_after_an_interrupted_one_restores_each_batch_once(
    cloud: Failing, calls: int
) -> None:
    over_the_limit(cloud)

    with pytest.raises(Interrupted):
        cloud.redrive(Interrupting(cloud.s3, calls)).run()
    cloud.redrive().run()

    assert cloud.failed() == []
    assert (cloud.sequences("r2"), cloud.sequences("r3")) == ([0, 1], [0])


def test_a_dry_run_changes_nothing(cloud: Failing) -> None:
    over_the_limit(cloud)
    before = cloud.objects()

    report = cloud.redrive().run(dry_run=True)

    assert (report.restored, cloud.objects()) == (3, before)


def test_an_uncompressed_object_is_restored(cloud: Failing) -> None:
    over_the_limit(cloud)
    (key,) = cloud.failed()
    body = gzip.decompress(cloud.s3.get_object(Bucket="recordings", Key=key)["Body"].read())
    cloud.s3.put_object(Bucket="recordings", Key=key, Body=body)

    assert cloud.redrive().run().restored == 3


@pytest.mark.parametrize("length", [2, 20, -4])
def test_a_truncated_object_stays_and_stops_no_other(cloud: Failing, length: int) -> None:
    over_the_limit(cloud)
    (key,) = cloud.failed()
    body = cloud.s3.get_object(Bucket="recordings", Key=key)["Body"].read()[:length]
    broken = f"{FAILED}activePartitionExceeded/0000/first.gz"
    cloud.s3.put_object(Bucket="recordings", Key=broken, Body=body)

    report = cloud.redrive().run()

    assert report == Report(restored=3, left=1, objects=1)
    listed = cloud.s3.list_objects_v2(Bucket="recordings", Prefix=FAILED)["Contents"]
    assert [one["Key"] for one in listed] == [broken]


def test_an_object_that_another_run_restored_stops_no_other(cloud: Failing) -> None:
    over_the_limit(cloud)

    class Stale:
        """An S3 that lists one object that no longer exists."""

        def __getattr__(self, name: str) -> Any:
            return getattr(cloud.s3, name)

        def get_paginator(self, name: str) -> Any:
            pages = cloud.s3.get_paginator(name)

            class Paginator:
                def paginate(self, **request: Any) -> Iterator[Any]:
                    yield {"Contents": [{"Key": f"{FAILED}x/gone.gz"}]}
                    yield from pages.paginate(**request)

            return Paginator()

    assert cloud.redrive(Stale()).run() == Report(restored=3, left=0, objects=1)


def test_the_command_prints_the_numbers_of_batches(
    cloud: Failing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    over_the_limit(cloud)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    outputs = tmp_path / "outputs.json"
    exports = {"region": REGION, "bucketName": "recordings", "tableName": TABLE}
    outputs.write_text(json.dumps(exports))

    codes = [main(["--outputs", str(outputs)]) for _ in range(2)]

    assert codes == [0, 0]
    assert capsys.readouterr().out.splitlines() == [
        "3 batches restored, 0 left under rrweb/failed/",
        "0 batches restored, 0 left under rrweb/failed/",
    ]


def test_without_exports_the_command_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--outputs", str(tmp_path / "none.json")]) == 1
    assert "holds no exports" in capsys.readouterr().err


def test_a_batch_of_an_erased_recording_is_deleted_and_never_comes_back(cloud: Failing) -> None:
    over_the_limit(cloud)
    cloud.erase("r2")

    report = cloud.redrive().run()

    assert report == Report(restored=1, left=0, erased=2, objects=1)
    assert cloud.failed() == []
    assert (cloud.sequences("r2"), cloud.sequences("r3")) == ([], [0])
