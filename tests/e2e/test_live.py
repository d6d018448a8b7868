"""Watching a recording while it goes on: fresh, in order, each event once at every moment."""

import threading
from dataclasses import dataclass, field

import pytest

from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = pytest.mark.e2e

BATCHES = 60
# For an event to be read after its 202; the bench measures what is usual.
PATIENCE_S = 180.0


@dataclass
class Recorder(threading.Thread):
    """Appends one numbered batch each time that the viewer has looked."""

    user: User
    recording_id: str
    looks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))
    """Released by each look of the viewer."""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        for sequence in range(BATCHES):
            self.looks.acquire(timeout=PATIENCE_S)
            body = ndjson(*events_of(sequence))
            if self.user.append(self.recording_id, body, sequence=sequence).status_code != 202:
                return


def events_of(sequence: int) -> list[Event]:
    at = 1_700_000_000_000 + sequence * 1000
    return [{"batch": sequence, "n": n, "timestamp": at + n} for n in range(3)]


def test_a_viewer_sees_what_is_being_recorded_and_nothing_twice(owner: User) -> None:
    recorder = Recorder(owner, owner.given_recording())
    recorder.start()
    every_event = [event for n in range(BATCHES) for event in events_of(n)]
    seen: list[Event] = []
    cursor = ""

    def look() -> list[Event]:
        nonlocal cursor
        page = owner.read(recorder.recording_id, cursor=cursor)
        recorder.looks.release()
        cursor = page.cursor
        seen.extend(page.events)
        assert page.missing is None
        assert seen == every_event[: len(seen)]
        return seen

    eventually(look, lambda seen: len(seen) == len(every_event), PATIENCE_S)
    recorder.join()

    assert owner.read(recorder.recording_id).events == every_event


def test_an_event_can_be_read_before_it_is_delivered(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))

    answer = eventually(
        lambda: owner.get(f"/recordings/{recording_id}/events"),
        lambda answer: answer.content != b"",
        PATIENCE_S,
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
