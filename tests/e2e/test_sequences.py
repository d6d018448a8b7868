"""`Batch-Sequence`: an integer from 0, or nothing; anything else is refused and does nothing."""

import pytest

from tests.e2e.contract import NDJSON
from tests.e2e.store import Store, Traces, Watch
from tests.e2e.user import User, ndjson

pytestmark = pytest.mark.e2e

BATCH = ndjson({"n": 1})

BAD_SEQUENCES = {
    "negative": "-1",
    "with a sign": "+1",
    "a fraction": "1.5",
    "an exponent": "1e3",
    "hexadecimal": "0x1",
    "a leading zero": "01",
    "two zeros": "00",
    "one over the highest": "1000000000",
    "very long": "9" * 2000,
    "a word": "x",
    "null": "null",
    "NaN": "NaN",
    "two numbers": "1, 2",
    "a grouped number": "1_000",
    "velocity": "$context.requestTimeEpoch",
    "a member of the envelope": '1,"userId":"x"',
    "the end of the envelope": '1}\\n{"userId":"x"',
}


def envelopes(store: Store, user: User, recording_id: str, sequence: str) -> list[object]:
    """Return the sequences that one append leaves in the stream."""
    watch = store.watch()
    assert user.append(recording_id, BATCH, sequence=sequence).status_code == 202
    return [envelope["sequence"] for envelope in watch.traces().envelopes]


@pytest.mark.parametrize("sequence", BAD_SEQUENCES.values(), ids=BAD_SEQUENCES)
def test_a_bad_sequence_is_refused(owner: User, recording_id: str, sequence: str) -> None:
    answer = owner.append(recording_id, BATCH, sequence=sequence)

    assert answer.status_code == 400
    assert "Batch-Sequence" in answer.json()["detail"]


@pytest.mark.sandbox_only
def test_a_bad_sequence_leaves_no_trace(owner: User, recording_id: str, watch: Watch) -> None:
    statuses = {
        owner.append(recording_id, BATCH, sequence=sequence).status_code
        for sequence in BAD_SEQUENCES.values()
    }

    assert statuses == {400}
    assert watch.traces() == Traces()


@pytest.mark.sandbox_only
@pytest.mark.parametrize(
    ("sequence", "stored"), [("0", 0), ("1", 1), ("10", 10), ("999999999", 999_999_999), ("", None)]
)
def test_a_good_sequence_is_stored_as_a_number(
    owner: User, recording_id: str, store: Store, sequence: str, stored: int | None
) -> None:
    assert envelopes(store, owner, recording_id, sequence) == [stored]


def test_sequences_order_what_arrives_in_another_order(owner: User) -> None:
    recording_id = owner.given_recording()
    owner.append(recording_id, ndjson({"n": 2}), sequence=2)
    owner.append(recording_id, ndjson({"n": 0}), sequence=0)
    owner.append(recording_id, ndjson({"n": 1}), sequence=1)

    reading = owner.delivered(recording_id, 3)

    assert reading.events == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_batch_that_is_sent_again_is_read_once(owner: User) -> None:
    recording_id = owner.given_recording(BATCH, ndjson({"n": 2}))
    owner.append(recording_id, BATCH, sequence=0)
    owner.append(recording_id, ndjson({"n": 3}), sequence=2)

    reading = owner.delivered(recording_id, 3)

    assert reading.events == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_equal_events_inside_one_batch_are_all_read(owner: User) -> None:
    recording_id = owner.given_recording(BATCH + BATCH, ndjson({"n": 2}))

    assert owner.delivered(recording_id, 3).events == [{"n": 1}, {"n": 1}, {"n": 2}]


@pytest.mark.sandbox_only
def test_of_two_sequences_one_is_taken_or_none(
    owner: User, recording_id: str, watch: Watch
) -> None:
    answer = owner.http.post(
        f"{owner.api_url}/recordings/{recording_id}/events",
        content=BATCH,
        headers=[
            *owner.auth.items(),
            ("Content-Type", NDJSON),
            ("Batch-Sequence", "1"),
            ("Batch-Sequence", "2"),
        ],
    )

    stored = [envelope["sequence"] for envelope in watch.traces().envelopes]
    assert (answer.status_code, stored) in [(400, []), (202, [1]), (202, [2])]
