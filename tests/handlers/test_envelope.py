"""An envelope becomes a batch, or says that it cannot."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.api.parameter import pattern_of
from handlers import stored_objects
from handlers.envelope import MAX_SEQUENCE, Batch, batch_from
from tests.contract import CONTRACT
from tests.handlers.given import RECORDING, envelope, ndjson

NOW_MS = 1_700_000_060_000


def read(line: bytes) -> Batch:
    batch = batch_from(line, RECORDING, NOW_MS)
    assert batch is not None
    return batch


def test_an_envelope_gives_its_batch() -> None:
    batch = read(envelope(b'{"a": 1}\n', 7, receivedAtMs=5, requestId="r"))

    assert (batch.sequence, batch.arrival.received_at_ms, batch.stored_at_ms) == (7, 5, NOW_MS)
    assert batch.arrival.name == ""
    assert batch.content().ndjson == b'{"a": 1}\n'


def test_the_latest_time_of_a_batch_is_the_largest_integer_of_json() -> None:
    assert read(envelope(b"{}", receivedAtMs=2**53 - 1)).arrival.received_at_ms == 2**53 - 1


def test_a_gzipped_body_gives_the_same_events() -> None:
    body = ndjson(*({"n": number} for number in range(1000)))
    plain, packed = read(envelope(body)), gzip.compress(body)

    assert read(envelope(packed, encoding="gzip")).content().ndjson == plain.content().ndjson


@pytest.mark.parametrize(
    "fields",
    [
        {"userId": "someone-else"},
        {"recordingId": "another"},
        {"userId": None},
        {"receivedAtMs": "1"},
        {"receivedAtMs": True},
        {"receivedAtMs": 1.5},
        {"receivedAtMs": -1},
        {"receivedAtMs": 2**53},
        {"receivedAtMs": 10**400},
        {"requestId": 7},
        {"encoding": "br"},
        {"events": None},
        {"events": {}},
    ],
)
def test_an_envelope_of_another_recording_or_shape_is_unusable(fields: dict[str, object]) -> None:
    assert batch_from(envelope(ndjson({"a": 1}), **fields), RECORDING, NOW_MS) is None


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, envelope(b"{}")[:-9], b'{"userId":NaN}'],
)
def test_a_line_that_is_no_envelope_is_unusable(line: bytes) -> None:
    assert batch_from(line, RECORDING, NOW_MS) is None


@pytest.mark.parametrize("sequence", [None, "3", -1, 1.5, True, 2**53, [], {}])
def test_a_batch_without_a_usable_sequence_is_still_a_batch(sequence: object) -> None:
    batch = read(envelope(ndjson({"a": 1}), sequence, receivedAtMs=1))

    assert (batch.sequence, batch.content().events) == (None, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"events": "no base64!"},
        {"events": "\u00e9"},
        {"events": "QQ"},
        {"events": "e3!0="},
        {"encoding": "gzip", "events": ""},
        {"encoding": "gzip", "events": "H4sI"},
    ],
)
def test_a_body_that_is_broken_gives_a_batch_that_counts_it(fields: dict[str, object]) -> None:
    batch = read(envelope(b'{"a":1}', **fields))

    assert (batch.sequence, batch.content().ndjson, batch.content().skipped) == (0, b"", 1)


def test_a_body_that_is_no_unicode_gives_a_batch_that_counts_it() -> None:
    batch = read(envelope(b"", None, events="\ud800", receivedAtMs=1))

    assert (batch.sequence, batch.content().ndjson, batch.content().skipped) == (None, b"", 1)


def test_a_body_that_is_not_the_gzip_that_it_is_said_to_be_is_read_as_it_is() -> None:
    batch = read(envelope(b'{"a":1}', encoding="gzip"))

    assert batch.content().ndjson == b'{"a":1}\n'


def test_noise_that_is_said_to_be_gzip_is_one_part_that_cannot_be_used() -> None:
    batch = read(envelope(b"\0\n\0\n\0", encoding="gzip"))

    assert (batch.content().ndjson, batch.content().skipped) == (b"", 1)


def test_a_truncated_gzip_body_gives_the_lines_before_the_cut() -> None:
    lines = [{"n": number, "noise": hash(str(number))} for number in range(500)]
    packed = gzip.compress(ndjson(*lines))[:-600]
    batch = read(envelope(packed, encoding="gzip"))

    found = [json.loads(line) for line in batch.content().ndjson.splitlines()]
    assert (found, batch.content().skipped) == (lines[: len(found)], 1)
    assert found


def test_a_bomb_in_a_batch_is_cut_and_counted() -> None:
    packed = gzip.compress(ndjson({"a": 1}) + b" " * 50_000_000 + ndjson({"b": 2}))
    batch = read(envelope(packed, encoding="gzip"))

    assert (batch.content().ndjson, batch.content().skipped) == (
        b'{"a": 1}\n',
        1,
    )


def test_a_copy_has_the_same_key_whenever_it_comes_and_another_body_has_not() -> None:
    first = read(envelope(b"{}", None, receivedAtMs=1, requestId="a"))
    again = read(envelope(b"{}", None, receivedAtMs=2, requestId="b"))

    assert first.key == again.key == first.arrival.name
    assert len(first.arrival.name) == 8
    assert read(envelope(b"[]", None)).key != first.key
    assert read(envelope(b"{}", 7)).key == read(envelope(b"[]", 7)).key == 7


def test_the_reader_knows_the_sequences_of_the_contract() -> None:
    for name in ("sequence", "batchSequence"):
        assert pattern_of(CONTRACT, name) == f"({stored_objects.SEQUENCE.pattern})"
    assert stored_objects.SEQUENCE.fullmatch(str(MAX_SEQUENCE))
    assert not stored_objects.SEQUENCE.fullmatch(str(MAX_SEQUENCE + 1))


@given(st.binary(max_size=200), st.sampled_from(["gzip", "identity"]))
def test_no_body_raises(body: bytes, encoding: str) -> None:
    line = envelope(b"", encoding=encoding, events=base64.b64encode(body).decode())

    assert read(line).sequence == 0
