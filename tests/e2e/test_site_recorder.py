"""A site's visitors, recorded by a script tag on a page of another origin."""

import hashlib
import json
import re

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import CORS, Answer, Asked, Go, down
from tests.e2e.shop import CONSOLE, Bucket, Shop, count, numbers, recording_id_of, wait_for_tag
from tests.e2e.site import HIDE, KEPT, MOVABLE_CLOCK, PATIENCE_S
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

NEW_KEY = "wk_bbbbbbbbbbbbbbbbbbbbbbbb"
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
NO_COMPRESSION = "delete window.CompressionStream;"
# As on a phone, which ends a hidden page without another event.
NO_PAGEHIDE = "addEventListener('pagehide', (event) => event.stopImmediatePropagation());"
# A picture of 48 kB that is drawn by the page: no page has it before.
PICTURE = """(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 128, height: 128 });
  const drawn = canvas.getContext('2d');
  const data = drawn.createImageData(128, 128);
  for (let n = 0; n < data.data.length; n += 1)
    data.data[n] = n % 4 === 3 ? 255 : Math.random() * 256;
  drawn.putImageData(data, 0, 0);
  const image = document.body.appendChild(document.createElement('img'));
  image.src = canvas.toDataURL('image/png');
})()"""


def test_a_tag_of_another_origin_records_a_session_without_a_preflight(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile, before=CONSOLE)
    recording_id = recording_id_of(tab)
    count(tab, 3)
    tab.do("click", "#other")
    tab.do("waitForURL", "**/other**")
    wait_for_tag(tab)
    assert recording_id_of(tab) == recording_id
    tab.run("document.getElementById('count').textContent = 3")
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    assert (tab.run("violated"), tab.run("noise")) == ([], [])
    tab.goto("about:blank")
    facts = eventually(shop.facts, bool, PATIENCE_S)

    seen = numbers(bucket.events(recording_id))
    assert (seen[:3], seen[-2:]) == ([1, 2, 3], [4, 5])
    assert list(bucket.batches(recording_id)) == list(range(len(bucket.batches(recording_id))))
    assert {one.method for one in shop.proxy.asked} == {"POST"}
    assert {one.headers["content-type"] for one in shop.proxy.asked} == {"text/plain"}
    assert {one.headers["origin"] for one in shop.proxy.asked} == {shop.url}
    assert not any("authorization" in one.headers for one in shop.proxy.asked)
    assert UUID4.fullmatch(recording_id)
    assert len(shop.created()) == 1
    (fact,) = facts
    assert fact["pages"] == [f"{shop.url}/", f"{shop.url}/other"]
    first, *_, last = (event["timestamp"] for event in bucket.events(recording_id))
    assert fact["durationMs"] == last - first


def test_a_tab_that_is_closed_in_the_middle_loses_nothing(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    count(tab, 5)
    tab.close()

    bucket.wait_for_numbers(recording_id, 5)
    eventually(shop.facts, bool, PATIENCE_S)
    assert "OPTIONS" not in {one.method for one in shop.proxy.asked}


def test_a_visit_of_a_moment_is_stored_by_the_requests_that_outlive_it(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit(profile)
    wait_for_tag(tab)
    recording_id = recording_id_of(tab)
    eventually(shop.created, bool, PATIENCE_S)
    count(tab, 1)
    tab.close()

    bucket.wait_for_numbers(recording_id, 1)
    kinds = [event["type"] for event in bucket.events(recording_id)]
    assert kinds.count(2) == 1


def test_a_minute_offline_costs_nothing(shop: Shop, profile: Profile, bucket: Bucket) -> None:
    tab = shop.visit_recorded(profile, before=MOVABLE_CLOCK)
    recording_id = recording_id_of(tab)
    profile.offline(value=True)
    count(tab, 3)
    tab.run("rrwebRecorder.recording.flush()")
    assert "NotDeliveredError" in tab.run("String(rrwebRecorder.lastError.name)")
    tab.run("void (aheadMs = 60e3)")
    count(tab, 2)
    profile.offline(value=False)

    bucket.wait_for_numbers(recording_id, 3)
    tab.run("rrwebRecorder.recording.flush()")
    bucket.wait_for_numbers(recording_id, 5)


def test_a_batch_whose_answer_is_lost_is_sent_again_with_the_same_bytes(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    lost: list[Asked] = []

    def lose_once(asked: Asked, go: Go) -> Answer | None:
        answer = go()
        if "/events/" not in asked.path or lost:
            return answer
        lost.append(asked)
        return None

    shop.proxy.fault = lose_once
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    bucket.wait_for_numbers(recording_id, 2)
    tab.run("rrwebRecorder.recording.flush()")

    (first,) = lost
    again = [one for one in shop.proxy.asked if one.path == first.path]
    assert [one.body for one in again] == [first.body] * 2
    assert numbers(bucket.events(recording_id)) == [1, 2]


def test_a_page_without_compression_is_recorded_as_text(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile, before=NO_COMPRESSION)
    recording_id = recording_id_of(tab)
    count(tab, 1)
    tab.run("rrwebRecorder.recording.flush()")

    bucket.wait_for_numbers(recording_id, 1)
    assert bucket.batches(recording_id)[0].startswith(b"{")


def test_what_a_closed_tab_could_not_send_comes_with_the_next_visit(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    shop.proxy.fault = down
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    tab.run(HIDE)
    tab.close()
    other = shop.visit_recorded(profile)
    assert numbers(bucket.events(recording_id)) == []
    shop.proxy.fault = None

    assert recording_id_of(other) != recording_id
    bucket.wait_for_numbers(recording_id, 2)


def test_a_batch_of_before_the_keys_were_exchanged_goes_with_its_own_key(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    shop.proxy.fault = down
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    stored = Answer(200, CORS, b"{}")
    shop.proxy.fault = lambda asked, go: stored if NEW_KEY in asked.path else go()
    shop.write_url = shop.write_url.replace(shop.key, NEW_KEY)
    tab.goto(f"{shop.url}/other")
    wait_for_tag(tab)

    assert recording_id_of(tab) != recording_id
    bucket.wait_for_numbers(recording_id, 2)
    ours = [one.path for one in shop.proxy.asked if recording_id in one.path]
    assert {path.split("/")[2] for path in ours} == {shop.key}


@pytest.mark.parametrize("said", ["The key wk_… is retired.", "The origin is not listed."])
def test_a_403_stops_the_page_and_says_why(shop: Shop, profile: Profile, said: str) -> None:
    problem = json.dumps({"title": "Forbidden", "status": 403, "detail": said}).encode()
    shop.proxy.fault = lambda _asked, _go: Answer(403, CORS, problem)
    tab = shop.visit(profile, before=CONSOLE)
    wait_for_tag(tab)
    eventually(lambda: tab.run("String(rrwebRecorder.lastError)"), lambda e: said in e, PATIENCE_S)
    count(tab, 5)
    tab.run("rrwebRecorder.recording.flush()")
    tab.close()

    assert [one.path.count("/") for one in shop.proxy.asked] == [4]


def test_a_key_that_the_stack_does_not_know_is_named_once(shop: Shop, profile: Profile) -> None:
    shop.write_url = shop.write_url.replace(shop.key, NEW_KEY)
    tab = shop.visit(profile)
    wait_for_tag(tab)
    error = eventually(lambda: tab.run("String(rrwebRecorder.lastError)"), lambda e: "403" in e, 40)
    count(tab, 5)
    tab.run("rrwebRecorder.recording.flush()")
    tab.goto("about:blank")

    assert "key" in error.lower()
    assert [one.path for one in shop.proxy.asked] == [shop.proxy.asked[0].path]


def test_a_large_picture_goes_as_an_asset_without_a_preflight(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    shop.policy += "; img-src data:"
    tab = shop.visit_recorded(profile)
    tab.run(PICTURE)
    count(tab, 1)
    tab.run("rrwebRecorder.recording.flush()")
    bucket.wait_for_numbers(recording_id_of(tab), 1)

    assets = [one for one in shop.proxy.asked if "/assets/" in one.path]
    assert [one.method for one in assets] == ["HEAD", "POST"]
    sha256 = assets[0].path.rpartition("/")[2]
    assert hashlib.sha256(assets[1].body).hexdigest() == sha256
    assert bucket.read(f"rrweb/assets/siteKey={shop.key}/{sha256}") == assets[1].body
    assert any(sha256 in json.dumps(event) for event in bucket.events(recording_id_of(tab)))
    assert tab.run("rrwebRecorder.lastError === undefined")


def test_the_facts_of_a_page_that_is_ended_while_hidden_come_with_the_next_visit(
    shop: Shop, profile: Profile
) -> None:
    tab = shop.visit_recorded(profile, before=NO_PAGEHIDE)
    recording_id = recording_id_of(tab)
    count(tab, 1)
    tab.run(HIDE)
    eventually(lambda: tab.run(KEPT), bool, PATIENCE_S)
    tab.close()
    assert shop.facts() == []
    shop.visit_recorded(profile)

    (fact,) = eventually(shop.facts, bool, PATIENCE_S)
    (told,) = (one for one in shop.proxy.asked if one.path.endswith("/facts"))
    assert (fact["pages"], recording_id in told.path) == ([f"{shop.url}/"], True)
