"""The way of a real rrweb session: create, append, deliver, list, read back."""

import gzip
import json
from pathlib import Path

import pytest

from tests.e2e.contract import GZIP, JSON, NDJSON
from tests.e2e.store import Store
from tests.e2e.user import Event, Reading, User, ndjson, new_id

pytestmark = pytest.mark.e2e

SESSION = Path(__file__).parents[1] / "data" / "session.ndjson"
EVENTS: list[Event] = [json.loads(line) for line in SESSION.read_bytes().splitlines()]
META = {
    "startedAtMs": 1_700_000_000_123,
    "pageUrl": 'https://example.com/?a=1&b="2"#\'$x',
    "pageTitle": "Þórr & Sons \\ </script> 🚢",
    "viewport": {"width": 1080, "height": 700},
}


@pytest.fixture(scope="module")
def session(owner: User) -> str:
    """Return a recording that holds the session, sent in every way in which a batch may be sent."""
    recording_id = new_id()
    assert owner.create(recording_id, **META).status_code == 201
    second = ndjson(*EVENTS[100:250])
    fourth = gzip.compress(ndjson(*EVENTS[300:500]))
    answers = [
        owner.append(recording_id, ndjson(*EVENTS[:100]), sequence=0),
        owner.append(recording_id, second, sequence=1),
        owner.append(recording_id, fourth, content_type=GZIP, sequence=3),  # before its time
        owner.append(
            recording_id, json.dumps(EVENTS[250:300]).encode(), content_type=JSON, sequence=2
        ),
        owner.append(recording_id, second, sequence=1),  # sent again, as after a lost answer
        owner.append(recording_id, json.dumps(EVENTS[500]).encode(), content_type=JSON, sequence=4),
        owner.append(
            recording_id, gzip.compress(ndjson(*EVENTS[501:])), encoding="gzip", sequence=5
        ),
    ]
    assert [answer.status_code for answer in answers] == [202] * 7
    return recording_id


@pytest.fixture(scope="module")
def delivered(owner: User, session: str) -> Reading:
    return owner.delivered(session, len(EVENTS))


def test_a_session_comes_back_event_for_event(delivered: Reading) -> None:
    assert delivered.events == EVENTS


def test_nothing_of_a_session_is_skipped_or_missing(delivered: Reading) -> None:
    assert (delivered.skipped, delivered.missing) == (0, None)


@pytest.mark.usefixtures("delivered")
@pytest.mark.parametrize("accept", [NDJSON, "*/*", JSON, f"text/html, {GZIP}"])
def test_any_other_accept_gives_the_same_events_as_plain_text(
    owner: User, session: str, accept: str
) -> None:
    assert owner.read(session, accept=accept).events == EVENTS


@pytest.mark.usefixtures("delivered")
def test_gzip_is_a_content_encoding_that_a_browser_undoes(owner: User, session: str) -> None:
    answer = owner.http.get(
        f"{owner.api_url}/recordings/{session}/events", headers={"Accept": GZIP}
    )

    assert answer.headers["Content-Encoding"] == "gzip"
    assert [json.loads(line) for line in answer.content.splitlines()] == EVENTS


@pytest.mark.usefixtures("delivered")
def test_behind_the_last_page_there_is_nothing_until_more_is_sent(
    owner: User, session: str, delivered: Reading
) -> None:
    assert owner.read(session, cursor=delivered.cursor).events == []


def test_a_cursor_goes_on_where_the_last_page_ended(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0}), ndjson({"n": 1}))
    first = owner.delivered(recording_id, 2)

    owner.append(recording_id, ndjson({"n": 2}), sequence=2)

    second = owner.delivered(recording_id, 1, cursor=first.cursor)
    assert (first.events, second.events) == ([{"n": 0}, {"n": 1}], [{"n": 2}])


def test_a_batch_that_comes_late_is_reported_missing_and_then_given(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0}))
    owner.append(recording_id, ndjson({"n": 2}), sequence=2)
    first = owner.delivered(recording_id, 2)

    owner.append(recording_id, ndjson({"n": 1}), sequence=1)

    second = owner.delivered(recording_id, 1, cursor=first.cursor)
    whole = owner.read(recording_id)
    assert (first.missing, second.events) == ("1", [{"n": 1}])
    assert (whole.missing, whole.events) == (None, [{"n": 0}, {"n": 1}, {"n": 2}])


def test_batches_without_a_sequence_come_back_as_they_arrived(owner: User) -> None:
    recording_id = owner.given_recording()
    owner.append(recording_id, ndjson({"n": 0}))
    owner.append(recording_id, ndjson({"n": 1}))
    owner.append(recording_id, ndjson({"n": 2}))

    assert owner.delivered(recording_id, 3).events == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_more_than_an_answer_may_hold_comes_in_pages(owner: User) -> None:
    events = [{"n": n, "text": "é" * 100_000} for n in range(30)]
    recording_id = owner.given_recording()
    owner.append(recording_id, gzip.compress(ndjson(*events[:15])), content_type=GZIP, sequence=0)
    owner.append(recording_id, gzip.compress(ndjson(*events[15:])), content_type=GZIP, sequence=1)
    whole = owner.delivered(recording_id, 30)

    paged = owner.read(recording_id, accept=NDJSON)

    assert 1 < whole.pages < paged.pages
    assert whole.events == paged.events == events


def test_a_session_is_listed_with_what_was_said_of_it(owner: User, session: str) -> None:
    listed = [one for page in owner.listed(limit="100") for one in page]

    found = [one for one in listed if one["recordingId"] == session]
    times = {"createdAtMs": 0, "expiresAtMs": 0}
    assert [{**one, **times} for one in found] == [
        {"recordingId": session, "hasScreenshot": False, **times, **META}
    ]


def test_a_session_is_got_as_it_is_listed(owner: User, session: str) -> None:
    listed = [one for page in owner.listed(limit="100") for one in page]

    assert owner.get(f"/recordings/{session}").json() in listed


def test_a_recording_without_events_reads_as_empty(owner: User) -> None:
    reading = owner.read(owner.given_recording())

    assert (reading.events, reading.skipped, reading.missing) == ([], 0, None)


def test_events_may_be_sent_before_their_recording_is_created(
    owner: User, recording_id: str
) -> None:
    owner.append(recording_id, ndjson({"n": 0}))

    unknown = owner.get(f"/recordings/{recording_id}/events")
    owner.create(recording_id)

    assert unknown.status_code == 404
    assert owner.delivered(recording_id, 1).events == [{"n": 0}]


@pytest.mark.sandbox_only
@pytest.mark.usefixtures("delivered")
def test_objects_lie_under_the_user_and_then_the_recording(
    owner: User, session: str, store: Store
) -> None:
    own = f"rrweb/recordings/userId={owner.sub}/sessionId={session}/stream/"

    keys = [key for key in store.objects() if session in key]

    assert keys
    assert [key for key in keys if not key.startswith(own) or not key.endswith(".gz")] == []
