"""A client that numbers nothing and repeats what it sent, as @rrweb/browser-client does."""

import pytest

from tests.e2e.contract import NDJSON, PROBLEM
from tests.e2e.user import User, ndjson, new_id

pytestmark = pytest.mark.e2e

META = {"type": 5, "data": {"tag": "recording-meta", "payload": {"domain": "a.example"}}}


def test_a_queue_that_is_sent_again_with_each_post_is_read_once(owner: User) -> None:
    events = [{**META, "timestamp": 1}, *({"type": 3, "timestamp": n} for n in range(2, 60))]
    recording_id = owner.given_recording()
    for end in (1, 20, 40, 59):  # its queue is not emptied between two posts
        answer = owner.append(recording_id, ndjson(*events[:end]), content_type=NDJSON)
        assert answer.status_code == 202
        assert answer.json()["requestId"]

    assert owner.delivered(recording_id, len(events)).events == events


def test_what_it_is_refused_is_json(owner: User, nobody: User) -> None:
    answer = nobody.append(new_id(), ndjson({**META, "timestamp": 1}), content_type=NDJSON)

    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["detail"]
