"""What goes wrong around the recorder: each event is there once, or a marker says it is not."""

from itertools import pairwise

import pytest

from tests.e2e.browser import BrowserError, Profile
from tests.e2e.local_http import CORS, Answer, Asked, Go, Proxy, down
from tests.e2e.siblings import by_place
from tests.e2e.site import (
    MOVABLE_CLOCK,
    PATIENCE_S,
    Site,
    assert_each_event_once,
    recording_id_of,
    wait_until_back,
)
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

NO_STORAGE = """for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
"""
FULL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"""


def arrived(proxy: Proxy, batches: int) -> None:
    eventually(lambda: len(proxy.batches()), lambda number: number >= batches, PATIENCE_S)


def without_time(events: list[Event]) -> list[Event]:
    return [{**event, "timestamp": 0} for event in events]


def test_an_api_that_is_down_for_several_tries(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    before = len(site.proxy.batches())
    site.proxy.fault = down

    def tries_after_more_events() -> int:
        tab.run("count()")
        return len(site.proxy.batches()) - before

    eventually(tries_after_more_events, lambda tries: tries >= 3, PATIENCE_S)
    site.proxy.fault = None
    tab.run("count()")

    assert_each_event_once(site, profile, recording_id_of(tab))
    assert site.errors(profile)


def test_a_429_is_tried_again_when_it_says(site: Site, profile: Profile) -> None:
    refused: list[float] = []

    def throttled(asked: Asked, go: Go) -> Answer:
        if asked.method == "POST" and len(refused) < 2:
            refused.append(asked.at_s)
            return Answer(429, {**CORS, "Retry-After": "3"})
        return go()

    site.proxy.fault = throttled
    tab = site.visit(profile)

    assert_each_event_once(site, profile, recording_id_of(tab))
    times = [batch.at_s for batch in site.proxy.batches()][:3]
    assert [later - earlier >= 3 for earlier, later in pairwise(times)] == [
        True,
        True,
    ]


def test_every_second_answer_lost_after_the_server_took_it(site: Site, profile: Profile) -> None:
    taken: list[str | None] = []

    def forgetful(asked: Asked, go: Go) -> Answer | None:
        answer = go()
        if asked.method != "POST":
            return answer
        taken.append(asked.sequence)
        return None if len(taken) % 2 else answer

    site.proxy.fault = forgetful
    tab = site.visit(profile)
    for _ in range(4):
        tab.run("count(); recording.flush()")

    assert_each_event_once(site, profile, recording_id_of(tab))
    assert len(taken) > len(set(taken))


def test_a_token_that_is_not_taken_is_asked_for_again(site: Site, profile: Profile) -> None:
    site.token = "expired"
    tab = site.visit(profile)
    eventually(lambda: site.tokens_asked(profile), lambda asked: asked >= 2, PATIENCE_S)
    tab.run(f"window.token = {site.user.token!r}; recording.flush()")

    assert_each_event_once(site, profile, recording_id_of(tab))


def test_a_tab_that_is_closed_while_its_batch_is_on_the_way(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    site.proxy.fault = down
    tab.run("count(500)")
    arrived(site.proxy, len(site.proxy.batches()) + 1)
    tab.run("count(500)")
    site.close_once_kept(tab, 2)
    site.proxy.fault = None

    site.visit(profile, "/other")

    assert_each_event_once(site, profile, recording_id)


def test_a_tab_that_is_closed_before_anything_was_sent(site: Site, profile: Profile) -> None:
    site.proxy.fault = down
    tab = site.visit(profile)
    recording_id = recording_id_of(tab)
    site.close_once_kept(tab, 3)  # createRecording, the first snapshot, and what came after it
    site.proxy.fault = None

    site.visit(profile, "/other")

    assert_each_event_once(site, profile, recording_id)


def test_a_page_that_crashes_loses_nothing_that_was_kept(site: Site, profile: Profile) -> None:
    site.options["flushMs"] = 60_000
    tab = site.visit(profile)
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    events, sent = len(site.emitted(profile, recording_id)), len(site.proxy.batches())
    tab.run("count(5)")
    site.wait_until_kept(tab, profile, events)
    with pytest.raises(BrowserError):
        tab.goto("chrome://crash")
    assert len(site.proxy.batches()) == sent

    site.visit(profile, "/other")

    assert_each_event_once(site, profile, recording_id)


def test_offline_and_then_online_again(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush()")
    profile.offline(True)
    tab.run("count(20); recording.flush()")
    profile.offline(False)

    assert_each_event_once(site, profile, recording_id_of(tab))


def test_a_clock_that_is_set_back(site: Site, profile: Profile) -> None:
    tab = site.visit(profile, before=MOVABLE_CLOCK)
    tab.run("recording.flush()")
    tab.run("aheadMs = -3600e3; count(); recording.flush()")
    tab.run("count(); recording.flush()")

    recording_id = recording_id_of(tab)
    events = site.read_all(profile, recording_id).events
    times = [event["timestamp"] for event in events]
    assert without_time(events) == without_time(site.emitted(profile, recording_id))
    assert times == sorted(times)
    assert times[-1] - times[0] < 60_000


@pytest.mark.parametrize("storage", [NO_STORAGE, FULL_STORAGE])
def test_storage_that_is_forbidden_or_full(site: Site, profile: Profile, storage: str) -> None:
    tab = site.visit(profile, before=storage)
    tab.run("count(5); recording.flush()")
    tab.run("count(5)")
    recording_id = recording_id_of(tab)
    tab.close()  # what was on the page fits into what may outlive it

    assert_each_event_once(site, profile, recording_id)


def test_a_tab_opened_by_another_has_a_recording_of_its_own(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.run("void (window.second = open('/other'))")
    eventually(lambda: tab.run("'count' in second && 'recording' in second"), bool, PATIENCE_S)
    tab.run("second.count(3); count(3); second.recording.flush()")
    tab.run("recording.flush()")

    ids = recording_id_of(tab), tab.run("second.recording.recordingId")
    assert ids[0] != ids[1]
    assert_each_event_once(site, profile, ids[0])
    assert_each_event_once(site, profile, ids[1])


def test_a_recording_goes_on_over_the_pages_of_a_tab(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    recording_id = recording_id_of(tab)
    tab.run("count(3)")
    tab.do("click", "#other")
    tab.do("waitForURL", f"{site.url}/other")
    tab.run("count(3)")
    tab.do("reload")
    tab.run("count(3); recording.flush()")

    assert recording_id_of(tab) == recording_id
    assert_each_event_once(site, profile, recording_id)
    snapshots = [one for one in site.read(recording_id).events if one["type"] == 2]
    assert len(snapshots) == 3


def test_a_page_that_comes_back_by_the_back_button_goes_on(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    recording_id = recording_id_of(tab)
    tab.run("addEventListener('pageshow', (e) => { window.cameBack = e.persisted; })")
    tab.run("count(3)")
    tab.do("click", "#other")
    tab.do("waitForURL", f"{site.url}/other")
    tab.run("count(3); recording.flush()")
    tab.run("setTimeout(() => history.back(), 0)")
    wait_until_back(tab)
    tab.run("count(3); recording.flush()")

    assert_each_event_once(site, profile, recording_id)


def test_events_that_do_not_fit_into_memory_are_reported_missing(
    site: Site, profile: Profile
) -> None:
    site.options["maxWaitingBytes"] = 30_000
    tab = site.visit(profile)
    tab.run("recording.flush()")
    site.proxy.fault = down
    for _ in range(30):
        tab.run("list.innerHTML = '<li>row</li>'.repeat(100)")
    site.proxy.fault = None
    recording_id = recording_id_of(tab)

    def dropped() -> list[Event]:
        events = [one for one in site.read(recording_id).events if one["type"] == 5]
        return [one for one in events if one["data"]["tag"] == "rrweb-store:dropped"]

    [marker] = eventually(dropped, bool, PATIENCE_S)
    tab.run("recording.flush()")
    events = eventually(
        lambda: site.read(recording_id).events,
        lambda events: any(event["type"] == 2 for event in events[3:]),
        PATIENCE_S,
    )
    emitted = site.emitted(profile, recording_id)
    kept = [event for event in events if event != marker]
    payload = marker["data"]["payload"]
    assert marker["data"]["tag"] == "rrweb-store:dropped"
    assert payload["reason"] == "memory"
    assert len(kept) + payload["events"] == len(emitted)
    after = [event["type"] for event in events[events.index(marker) + 1 :]]
    assert [kind for kind in after if kind != 5] == [4, 2]
    kept = by_place(kept)
    assert [event for event in by_place(emitted) if event in kept] == kept
