"""Checks of what the function and the stack around it do about Firehose, Kinesis and gzip."""

import base64
import zlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]
from moto import mock_aws

from handlers.answer_body import GzipBody
from handlers.get_events import clients, handler
from handlers.kinesis_tail import Tail
from tests.handlers.fakes import Cloud, FakeKinesis
from tests.handlers.given import RECORDING, USER_ID, envelope
from tests.recorded.program import engine

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "BUCKET": "no-bucket",
    "TABLE": "no-table",
    "KEY_PREFIX": "rrweb/recordings",
    "STREAM_ARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/none",
    "FIREHOSE_BUFFER_SECONDS": "60",
}


@contextmanager
def in_an_empty_cloud() -> Generator[None]:
    """Let the function run where nothing is: whatever it reads, it is refused."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in ENVIRONMENT.items():
            environment.setenv(name, value)
        clients.cache_clear()
        try:
            yield
        finally:
            clients.cache_clear()


def event(recording_id: str) -> dict[str, Any]:
    """Return the proxy event of a request for the events of a recording."""
    return {
        "resource": "/recordings/{recordingId}/events",
        "httpMethod": "GET",
        "headers": {},
        "pathParameters": {"recordingId": recording_id},
        "queryStringParameters": None,
        "requestContext": {"authorizer": {"claims": {"sub": USER_ID}}},
    }


def path_parameters_are_decoded_once() -> None:
    with in_an_empty_cloud():
        with pytest.raises(ClientError):  # it is an id, so the function reads on
            handler(event("%61-recording"), None)
        assert handler(event("a%252Fb"), None)["statusCode"] == 400
        assert handler(event("a%2Fb"), None)["statusCode"] == 400


def the_function_knows_the_buffer_of_firehose() -> None:
    (stream,) = (
        engine().of_type("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").values()
    )
    function = engine().inputs("aws:lambda/function:Function", "read-events")

    told = function["environment"]["variables"].get("FIREHOSE_BUFFER_SECONDS")
    assert told is not None
    assert float(told) == stream["extendedS3Configuration"]["bufferingInterval"]


def the_tail_reaches_one_and_a_half_buffers_back() -> None:
    for buffer_seconds in (60, 125, 600, 900):
        cloud = Cloud()
        options: dict[str, Any] = {"buffer_seconds": buffer_seconds}
        tail = Tail(cloud.kinesis, "arn", clock=cloud.clock, **options)
        cloud.append(envelope(b"{}", 0))
        cloud.clock.sleep(1.5 * buffer_seconds)
        cloud.append(envelope(b"{}", 1))

        assert [one.sequence for one in tail.read(RECORDING, 0).batches] == [0, 1]


def the_tail_stops_at_an_empty_answer() -> None:
    cloud = Cloud()
    cloud.append(envelope(b"{}", 0))
    answered: Callable[..., Mapping[str, Any]] = FakeKinesis.get_records

    def behind(kinesis: FakeKinesis, **request: Any) -> Mapping[str, Any]:
        return {**answered(kinesis, **request), "MillisBehindLatest": 700}

    with patch.object(FakeKinesis, "get_records", behind):
        tail = cloud.tail.read(RECORDING, 0)

    assert ([one.sequence for one in tail.batches], tail.state) == ([0], "complete")
    assert cloud.kinesis.calls.count("get_records") <= 2


def a_gzip_answer_is_one_member() -> None:
    body = GzipBody()
    lines = [b'{"n": %d}' % number for number in range(100_000)]
    assert body.take(lines[:50_000]) == 50_000
    assert all(body.take([line]) for line in lines[50_000:])

    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    whole = inflate.decompress(base64.b64decode(body.text()))
    assert (whole, inflate.eof, inflate.unused_data) == (
        b"".join(line + b"\n" for line in lines),
        True,
        b"",
    )
