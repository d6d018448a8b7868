"""A client that numbers nothing and sends a batch again, as @rrweb/browser-client may."""

import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.client_bundle import bundle
from tests.e2e.contract import NDJSON, PROBLEM
from tests.e2e.local_http import Answer
from tests.e2e.site import HTML, PATIENCE_S, SCRIPT, Site
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = pytest.mark.e2e

META = {"type": 5, "data": {"tag": "recording-meta", "payload": {"domain": "a.example"}}}


def test_a_batch_without_a_number_that_is_sent_again_is_read_once(owner: User) -> None:
    events = [{**META, "timestamp": 1}, *({"type": 3, "timestamp": n} for n in range(2, 60))]
    recording_id = owner.given_recording()
    for start in (0, 20, 40):
        for _ in range(2):  # as after an answer that was lost
            body = ndjson(*events[start : start + 20])
            answer = owner.append(recording_id, body, content_type=NDJSON)
            assert answer.status_code == 202
            assert answer.json()["requestId"]

    assert owner.delivered(recording_id, len(events)).events == events


def test_a_refusal_of_it_is_json(owner: User, anonymous: User) -> None:
    answer = anonymous.append(new_id(), ndjson({**META, "timestamp": 1}), content_type=NDJSON)

    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["detail"]


PAGE = """<!doctype html><title>Foreign client</title><p id="count">0</p>
<script src="/settings.js"></script><script src="/client.js"></script><script>
function count(times) { while (times-- > 0) document.getElementById('count').textContent++; }
</script>"""


@pytest.mark.sandbox_only
def test_the_client_of_rrweb_itself_records_into_the_stack(site: Site, profile: Profile) -> None:
    script = bundle("browser-client")
    settings = f"const settings = {json.dumps({'sink': site.proxy.url, 'token': site.user.token})};"
    heard = "window.heard = (event) => seen(JSON.stringify(['event', [recordingId, event]]));"
    site.pages["/"] = lambda: Answer(200, HTML, PAGE.encode())
    site.pages["/client.js"] = lambda: Answer(200, SCRIPT, script)
    site.pages["/settings.js"] = lambda: Answer(200, SCRIPT, f"{settings}{heard}".encode())
    tab = site.visit(profile, before="window.recordingId = ''")
    recording_id = tab.run("recordingId")
    assert site.user.create(recording_id).status_code == 201
    for rounds in (1, 2, 3):
        tab.run("count(40)")
        eventually(
            lambda: [one.body for one in site.proxy.batches() if one.method == "POST"],
            lambda posts, rounds=rounds: len(posts) >= rounds,
            PATIENCE_S,
        )

    told = [json.loads(text)[1][1] for text in profile.seen()]
    reading = eventually(
        lambda: site.user.read(recording_id),
        lambda reading: len(reading.events) > len(told),
        PATIENCE_S,
    )
    meta, *events = reading.events
    assert meta["data"]["tag"] == "recording-meta"
    assert events == told
    assert [event["type"] for event in events].count(2) == 1
    posts = [one.body for one in site.proxy.batches() if one.method == "POST"]
    assert sum(body.count(b"\n") + 1 for body in posts) >= len(reading.events)
