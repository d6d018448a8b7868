"""put_record.vtl: no body, id or header of a client gets anywhere but into its own place."""

import base64
import gzip
import json
import re
import zlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.api.kinesis_put_record import KinesisPutRecord
from components.api.parameter import rule_of
from components.store.batch_templates import (
    MAX_BATCH_BYTES,
    MAX_RECORD_BYTES,
    Encoding,
    append_events,
)
from sandbox.gateway.payload import template_text
from tests.components.store.refusals import answered, answered_error
from tests.contract import CONTRACT
from tests.vtl import (
    BAD_RECORDING_IDS,
    EXTENDED_REQUEST_ID,
    GOOD_RECORDING_IDS,
    HOSTILE,
    RECORDING_ID,
    REQUEST_TIME_MS,
    USER,
    Rendered,
    problem,
    rendered,
)

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")
BODIES = st.binary(max_size=60) | HOSTILE.map(str.encode)


def template_of(encoding: Encoding, max_bytes: int = MAX_RECORD_BYTES) -> str:
    """Return the template for bodies that are text, or gzip."""
    media_type = "application/gzip" if encoding == "gzip" else "application/x-ndjson"
    return append_events(CONTRACT, max_bytes).request[media_type]


def put_record(
    body: bytes = b"x",
    *,
    recording_id: str = RECORDING_ID,
    headers: dict[str, str] | None = None,
    encoding: Encoding = "identity",
    max_bytes: int = MAX_RECORD_BYTES,
) -> Rendered:
    """Return what the template makes of a body, which API Gateway hands it as text."""
    return rendered(
        template_of(encoding, max_bytes),
        template_text(body, binary=encoding == "gzip"),
        path={"recordingId": recording_id},
        headers=headers,
    )


def envelope(
    events: bytes,
    *,
    recording_id: str = RECORDING_ID,
    sequence: int | None = None,
    encoding: Encoding = "identity",
) -> bytes:
    """Return the line that should become the record's data."""
    return json.dumps(
        {
            "userId": USER,
            "recordingId": recording_id,
            "sequence": sequence,
            "receivedAtMs": REQUEST_TIME_MS,
            "requestId": EXTENDED_REQUEST_ID,
            "encoding": encoding,
            "events": base64.b64encode(events).decode(),
        },
        separators=(",", ":"),
    ).encode()


def record(line: bytes, *, recording_id: str = RECORDING_ID) -> dict[str, str]:
    """Return the request that puts an envelope on the stream."""
    return {
        "StreamName": "a-stream",
        "PartitionKey": f"{USER}/{recording_id}",
        "Data": base64.b64encode(line).decode(),
    }


def refused(marker: str) -> dict[str, str]:
    """Return the request that Kinesis is sure to refuse, naming `marker`."""
    return {"StreamName": "a-stream", "PartitionKey": "refused", "ExplicitHashKey": marker}


@given(BODIES)
def test_the_record_holds_a_text_body_as_it_came(body: bytes) -> None:
    text = body.decode("utf-8", errors="replace")
    assume(text not in {"", "{}"} and not NOT_TEXT.search(text[:2]))

    assert put_record(body).json == record(envelope(text.encode()))


@given(st.binary(min_size=1, max_size=60))
def test_the_record_holds_a_binary_body_byte_for_byte(body: bytes) -> None:
    assert put_record(body, encoding="gzip").json == record(envelope(body, encoding="gzip"))


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"\n",
        b" {}",
        b"{}\n",
        b'{"type":3}\r\n{"type":2}\n',
        "\ufeff{}".encode(),
        b'","userId":"somebody","x":"',
        b'#set($user = "somebody")$user',
        b"$context.authorizer.claims.sub ${q} $q $events",
        b"$util.base64Decode('eA==') #foreach($i in [1..9])$i#end",
        ('"\\$#😀\u2028\x00' * 50_000).encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_no_body_is_read_as_code_or_as_json(body: bytes) -> None:
    assert put_record(body).json == record(envelope(body))


def test_the_user_is_the_tokens_whoever_else_the_request_names() -> None:
    answer = rendered(
        template_of("identity"),
        '{"userId": "somebody"}',
        path={"recordingId": RECORDING_ID, "sub": "somebody", "userId": "somebody"},
        query={"userId": "somebody", "user": "somebody"},
        headers={"userid": "somebody", "x-amzn-requestid": "somebody's"},
    )

    assert answer.json == record(envelope(b'{"userId": "somebody"}'))


@pytest.mark.parametrize("recording_id", GOOD_RECORDING_IDS)
def test_a_recordings_batches_share_a_partition_key(recording_id: str) -> None:
    line = envelope(b"x", recording_id=recording_id)

    assert put_record(recording_id=recording_id).json == record(line, recording_id=recording_id)


@pytest.mark.parametrize("recording_id", BAD_RECORDING_IDS)
def test_any_other_id_is_refused(recording_id: str) -> None:
    assert put_record(recording_id=recording_id).json == refused("refused-recordingId")


@given(HOSTILE)
def test_a_hostile_id_is_refused(recording_id: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", recording_id))

    assert put_record(recording_id=recording_id).json == refused("refused-recordingId")


@pytest.mark.parametrize("name", ["Batch-Sequence", "batch-sequence"])
@pytest.mark.parametrize("sequence", ["0", "1", "9", "10", "999999999"])
def test_the_sequence_is_a_number_in_the_envelope(name: str, sequence: str) -> None:
    line = envelope(b"x", sequence=int(sequence))

    assert put_record(headers={name: sequence}).json == record(line)


@pytest.mark.parametrize("headers", [{}, {"batch-sequence": ""}, {"batch-sequences": "1"}])
def test_without_a_sequence_the_envelope_says_null(headers: dict[str, str]) -> None:
    assert put_record(headers=headers).json == record(envelope(b"x", sequence=None))


@pytest.mark.parametrize(
    "sequence",
    [
        *("-1", "+1", "-0", "00", "01", "007", "1.0", "1e2", "0x1", "1_0", "1000000000"),
        *(" 1", "1 ", "1\n", "1,2", "NaN", "null", "true", "١", "１", '1,"userId":"x"', "$context"),
    ],
)
def test_any_other_sequence_is_refused(sequence: str) -> None:
    assert put_record(headers={"batch-sequence": sequence}).json == refused("refused-batchSequence")


@given(HOSTILE)
def test_a_hostile_sequence_is_refused(sequence: str) -> None:
    assume(sequence and not re.fullmatch("0|[1-9][0-9]{0,8}", sequence))

    assert put_record(headers={"batch-sequence": sequence}).json == refused("refused-batchSequence")


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"", "identity"), (b"{}", "identity"), (b"", "gzip")]
)
def test_an_empty_batch_is_refused(body: bytes, encoding: Encoding) -> None:
    assert put_record(body, encoding=encoding).json == refused("refused-empty-batch")


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b'{"n":1}\n', mtime=0),
        *(zlib.compress(b'{"n":1}\n' * 9, level) for level in (1, 6)),
        b"\x28\xb5\x2f\xfd\x04\x00\x41\x00\x00{}",  # zstd
        *('{"n":1}'.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")),
        b"\xff",
        b"\x00",
        b"{\x00",
        "\ufffd{}".encode(),
    ],
    ids=repr,
)
def test_bytes_without_their_type_are_refused_before_they_are_destroyed(body: bytes) -> None:
    assert put_record(body).json == refused("refused-not-text")


@pytest.mark.parametrize(
    "body",
    [b"1", b"{", b"\t[", b"\r\n", b"\n\n", "\ufeff".encode(), b'"\x7f"', b'{"\xff":1}'],
)
def test_text_is_never_taken_for_bytes(body: bytes) -> None:
    utf8 = body.decode("utf-8", errors="replace").encode()

    assert put_record(body).json == record(envelope(utf8))


def text_called_gzip(body: str) -> Rendered:
    """Return what becomes of a body called gzip that API Gateway did not read as bytes."""
    return rendered(
        template_of("gzip"),
        body,
        path={"recordingId": RECORDING_ID},
    )


@pytest.mark.parametrize(
    "body",
    [
        'AAAA","userId":"somebody","recordingId":"other","events":"AAAA',
        '","userId":"somebody',
        gzip.compress(b"{}", mtime=0).decode("utf-8", errors="replace"),
        *("AAA", "AAAAA", "AAAA=", "A===", "====", "=", "AA=A", "AAAA\n", "\nAAAA", "AAA\n"),
        *("AA-_", "AA A", "{ }", "ＡＡＡＡ", "AAAé", "\x00" * 4, "$body", "#end"),
        "A" * 700_001,
        "A" * 700_000 + '","userId":"somebody","events":"AAAA',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_text_where_base64_is_expected_is_refused(body: str) -> None:
    assert text_called_gzip(body).json == refused("refused-not-bytes")


@given(HOSTILE)
def test_hostile_text_called_gzip_is_refused(body: str) -> None:
    assume(body not in {"", "{}"} and not re.fullmatch("[A-Za-z0-9+/]+={0,2}", body))

    assert text_called_gzip(body).json == refused("refused-not-bytes")


@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=40))
def test_the_limit_counts_the_whole_record_to_the_byte(body: bytes) -> None:
    line = envelope(body, encoding="gzip")

    assert put_record(body, encoding="gzip", max_bytes=len(line)).json == record(line)
    assert put_record(body, encoding="gzip", max_bytes=len(line) - 1).json == refused(
        "refused-too-large"
    )


def test_the_largest_body_that_the_contract_promises_fits_with_the_longest_envelope() -> None:
    body, longest = b"\xff" * MAX_BATCH_BYTES, "a" * 64
    line = envelope(body, recording_id=longest, sequence=999_999_999, encoding="gzip")

    answer = put_record(
        body, recording_id=longest, headers={"batch-sequence": "999999999"}, encoding="gzip"
    )

    assert answer.json == record(line, recording_id=longest)


@pytest.mark.parametrize("size", [768_000, 1024 * 1024])
def test_a_body_over_the_streams_limit_is_refused(size: int) -> None:
    assert put_record(b"x" * size).json == refused("refused-too-large")


def test_a_stored_batch_is_answered_with_the_gateways_own_request_id() -> None:
    answer = rendered(append_events(CONTRACT).response, '{"SequenceNumber": "1", "ShardId": "s"}')

    assert answer.json == {"requestId": EXTENDED_REQUEST_ID}


@pytest.mark.parametrize("limit", [0, 1_048_577])
def test_a_limit_that_kinesis_does_not_have_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=rf"^max_record_bytes must be 1\.\.1048576, got {limit}$"):
        append_events(CONTRACT, limit)


@pytest.mark.parametrize("limit", [1, 1_048_576])
def test_the_smallest_and_the_largest_limit_are_taken(limit: int) -> None:
    template = append_events(CONTRACT, limit).request["application/json"]

    assert f"#set($maxRecordBytes = {limit})" in template


TOO_LARGE = (
    "The batch is larger than one record of the stream may be. Split it, or send it with "
    "putLargeBatch: PUT /recordings/{recordingId}/events/{sequence}."
)
TEXT_DETAIL = (
    "The body is not UTF-8 text, so nothing was stored. Send gzip with Content-Type: "
    "application/gzip; other encodings are not supported."
)
BYTES_DETAIL = (
    "The body was not read as bytes, so nothing was stored. Send gzip with exactly Content-Type: "
    "application/gzip."
)
REFUSALS = {
    "refused-recordingId": (400, "Bad Request", rule_of(CONTRACT, "recordingId")),
    "refused-batchSequence": (400, "Bad Request", rule_of(CONTRACT, "batchSequence")),
    "refused-empty-batch": (400, "Bad Request", "The batch is empty. Send at least one event."),
    "refused-too-large": (413, "Content Too Large", TOO_LARGE),
    "refused-not-text": (415, "Unsupported Media Type", TEXT_DETAIL),
    "refused-not-bytes": (415, "Unsupported Media Type", BYTES_DETAIL),
}
APPEND = append_events(CONTRACT)
KINESIS = KinesisPutRecord.service


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_named(code: str) -> None:
    answer = answered(KINESIS, "PutRecord", APPEND, refused(code))

    status, title, detail = REFUSALS[code]
    assert (answer.status, answer.json) == (status, problem(status, title, detail))


def test_every_refusal_of_the_template_is_in_the_table_above() -> None:
    written = re.findall(r'"(refused-[\w-]+)"', "".join(APPEND.request.values()))

    assert set(written) == set(REFUSALS)


def test_a_record_that_kinesis_finds_too_large_is_a_413() -> None:
    message = (
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577]' at 'data' "
        "failed to satisfy constraint: Member must have length less than or equal to 1048576"
    )

    answer = answered_error(KINESIS, APPEND, message)

    assert (answer.status, answer.json["detail"]) == (413, TOO_LARGE)
