"""An envelope becomes a batch, or says that it cannot."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import envelope as under_test
from handlers.envelope import Arrival, UnusableError, batch_from
from tests.handlers.given import RECORDING, envelope, ndjson

NOW_MS = 1_700_000_060_000


def test_an_envelope_gives_its_batch() -> None:
    batch = batch_from(envelope(b'{"a": 1}\n', 7, receivedAtMs=5, requestId="r"), RECORDING, NOW_MS)

    assert (batch.sequence, batch.arrival.received_at_ms, batch.stored_at_ms) == (7, 5, NOW_MS)
    assert len(batch.arrival.name) == 8
    assert [event.line for event in batch.content().events] == [b'{"a": 1}']


def test_a_gzipped_body_gives_the_same_events() -> None:
    plain = batch_from(envelope(ndjson({"a": 1}, {"b": 2})), RECORDING, NOW_MS)
    packed = gzip.compress(ndjson({"a": 1}, {"b": 2}))

    assert (
        batch_from(envelope(packed, encoding="gzip"), RECORDING, NOW_MS).content().events
        == plain.content().events
    )


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
        {"receivedAtMs": 10**400},
        {"requestId": 7},
        {"encoding": "br"},
        {"events": None},
        {"events": {}},
    ],
)
def test_an_envelope_of_another_recording_or_shape_is_unusable(fields: dict[str, object]) -> None:
    with pytest.raises(UnusableError):
        batch_from(envelope(ndjson({"a": 1}), **fields), RECORDING, NOW_MS)


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, envelope(b"{}")[:-9], b'{"userId":NaN}'],
)
def test_a_line_that_is_no_envelope_is_unusable(line: bytes) -> None:
    with pytest.raises(UnusableError):
        batch_from(line, RECORDING, NOW_MS)


@pytest.mark.parametrize("sequence", [None, "3", -1, 1.5, True, 2**53, [], {}])
def test_a_batch_without_a_usable_sequence_is_still_a_batch(sequence: object) -> None:
    batch = batch_from(envelope(ndjson({"a": 1}), sequence, receivedAtMs=1), RECORDING, NOW_MS)

    assert (batch.sequence, len(batch.content().events)) == (None, 1)


def test_a_sequence_of_five_thousand_digits_is_as_none() -> None:
    line = envelope(b"{}", 0).replace(b'"sequence": 0', b'"sequence": ' + b"9" * 5000)

    assert batch_from(line, RECORDING, NOW_MS).sequence is None


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
    batch = batch_from(envelope(b'{"a":1}', **fields), RECORDING, NOW_MS)

    assert (batch.sequence, batch.content().events, batch.content().skipped) == (0, (), 1)


def test_a_body_that_is_not_the_gzip_that_it_is_said_to_be_is_read_as_it_is() -> None:
    batch = batch_from(envelope(b'{"a":1}', encoding="gzip"), RECORDING, NOW_MS)

    assert [event.line for event in batch.content().events] == [b'{"a":1}']
    assert batch.holds_any([b'"a"'])


def test_noise_that_is_said_to_be_gzip_is_one_part_that_cannot_be_used() -> None:
    batch = batch_from(envelope(b"\0\n\0\n\0", encoding="gzip"), RECORDING, NOW_MS)

    assert (batch.content().events, batch.content().skipped) == ((), 1)


def test_a_truncated_gzip_body_gives_the_lines_before_the_cut() -> None:
    lines = [{"n": number, "noise": hash(str(number))} for number in range(500)]
    packed = gzip.compress(ndjson(*lines))[:-600]
    batch = batch_from(envelope(packed, encoding="gzip"), RECORDING, NOW_MS)

    found = [json.loads(event.line) for event in batch.content().events]
    assert (found, batch.content().skipped) == (lines[: len(found)], 1)
    assert found


def test_a_bomb_in_a_batch_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "MAX_BATCH_BYTES", 1000)
    packed = gzip.compress(ndjson({"a": 1}) + b" " * 50_000_000 + ndjson({"b": 2}))
    batch = batch_from(envelope(packed, encoding="gzip"), RECORDING, NOW_MS)

    assert ([event.line for event in batch.content().events], batch.content().skipped) == (
        [b'{"a": 1}'],
        1,
    )


def test_the_same_envelope_has_the_same_arrival_and_another_body_has_not() -> None:
    first = batch_from(envelope(b"{}"), RECORDING, NOW_MS).arrival

    assert batch_from(envelope(b"{}"), RECORDING, NOW_MS).arrival == first
    assert batch_from(envelope(b"[]"), RECORDING, NOW_MS).arrival != first
    assert isinstance(first, Arrival)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "identity"]))
def test_no_body_raises(body: bytes, encoding: str) -> None:
    line = envelope(b"", encoding=encoding, events=base64.b64encode(body).decode())

    assert batch_from(line, RECORDING, NOW_MS).sequence == 0
