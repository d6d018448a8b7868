"""Watching a recording while it goes on: fresh, in order, each event once at every moment."""

import threading
import time
from dataclasses import dataclass, field

import pytest

from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = pytest.mark.e2e

BATCHES = 60
BATCH_EVERY_S = 0.2
POLL_EVERY_S = 0.3
# Of an event, from 202 until it is read; the bench measures what is usual.
FRESH_WITHIN_S = 20.0


@dataclass
class Recorder(threading.Thread):
    """Appends one numbered batch after another."""

    user: User
    recording_id: str
    taken_at: dict[int, float] = field(default_factory=dict[int, float])
    """When each batch got its 202, by its sequence."""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        for sequence in range(BATCHES):
            body = ndjson(*events_of(sequence))
            if self.user.append(self.recording_id, body, sequence=sequence).status_code != 202:
                return
            self.taken_at[sequence] = time.monotonic()
            time.sleep(BATCH_EVERY_S)


def events_of(sequence: int) -> list[Event]:
    at = 1_700_000_000_000 + sequence * 1000
    return [{"batch": sequence, "n": n, "timestamp": at + n} for n in range(3)]


def test_a_viewer_sees_what_is_being_recorded_and_nothing_twice(owner: User, other: User) -> None:
    recorder = Recorder(owner, owner.given_recording())
    recorder.start()
    seen: list[Event] = []
    slowest_s = 0.0
    cursor = ""
    deadline = time.monotonic() + BATCHES * BATCH_EVERY_S + 60
    while len(seen) < BATCHES * 3 and time.monotonic() < deadline:
        page = owner.read(recorder.recording_id, cursor=cursor)
        now = time.monotonic()
        for event in page.events:
            slowest_s = max(slowest_s, now - recorder.taken_at.get(event["batch"], now))
        seen += page.events
        cursor = page.cursor
        assert page.missing is None
        assert seen == [event for n in range(BATCHES) for event in events_of(n)][: len(seen)]
        time.sleep(POLL_EVERY_S)
    recorder.join(10)

    assert len(seen) == BATCHES * 3
    assert slowest_s < FRESH_WITHIN_S
    assert owner.read(recorder.recording_id).events == seen


def test_an_event_can_be_read_before_it_is_delivered(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))

    answer = eventually(
        lambda: owner.get(f"/recordings/{recording_id}/events"),
        lambda answer: answer.content != b"",
        FRESH_WITHIN_S,
    )

    assert answer.headers["Tail"] == "complete"
    assert answer.json() == {"n": 0, "timestamp": 1}


def test_a_poll_with_nothing_new_is_an_empty_page(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    first = owner.delivered(recording_id, 1)

    answer = owner.get(f"/recordings/{recording_id}/events", cursor=first.cursor)

    assert (answer.status_code, answer.content, answer.headers["Has-More"]) == (200, b"", "false")
    assert answer.headers["Next-Cursor"]


@pytest.mark.parametrize("cursor", ["x", "eyJ2IjoyfQ", "%00", "é", "A" * 6000])
def test_a_broken_cursor_is_a_400(owner: User, cursor: str) -> None:
    recording_id = owner.given_recording()

    assert owner.get(f"/recordings/{recording_id}/events", cursor=cursor).status_code == 400


def test_a_cursor_of_another_recording_is_a_400(owner: User) -> None:
    cursor = owner.read(owner.given_recording()).cursor

    answer = owner.get(f"/recordings/{owner.given_recording()}/events", cursor=cursor)

    assert answer.status_code == 400


def test_a_cursor_of_another_user_gives_ones_own_events_only(owner: User, other: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": "owner's", "timestamp": 1}))
    cursor = owner.delivered(recording_id, 1).cursor
    assert other.create(recording_id).status_code == 201
    other.append(recording_id, ndjson({"n": "other's", "timestamp": 2}))

    assert other.delivered(recording_id, 1, cursor=cursor).events == [
        {"n": "other's", "timestamp": 2}
    ]
