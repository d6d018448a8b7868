"""A visit that is kept in the browser until something happens that is worth a recording."""

from typing import Any, cast

import pytest

from tests.e2e.browser import BrowserError, Profile, Tab
from tests.e2e.shop import Bucket, Shop, count, events_of, numbers
from tests.e2e.site import HIDE, PATIENCE_S, Site
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

SECONDS = 2
FULL_SNAPSHOT, INCREMENTAL, META, CUSTOM = 2, 3, 4, 5
# The parts of all buffers in the browser, without their bytes.
PARTS = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder-buffer', 1);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map(({ events, mark, body, text }) => (
        { events, atMs: mark?.atMs ?? 0, bytes: (body?.length ?? 0) + text.length })));
    };
  };
})"""
# Its elements have texts that no compression shortens much.
NOISE = """(() => {
  const bytes = crypto.getRandomValues(new Uint8Array(20_000));
  const text = btoa(String.fromCharCode(...bytes));
  document.body.append(Object.assign(document.createElement('p'), { textContent: text }));
  document.querySelectorAll('p').forEach((one, n, all) => n < all.length - 1 && one.remove());
})()"""
RECORDING = "(window.recording ?? window.rrwebRecorder?.recording)"
FAULT = """document.getElementById('count').click();
setTimeout(() => { throw new Error('planted') })"""


@pytest.fixture
def buffering(shop: Shop) -> Shop:
    """Return a shop whose tag waits for a trigger."""
    shop.attributes |= {"mode": "buffer", "buffer-seconds": str(SECONDS)}
    return shop


def visit(shop: Shop, profile: Profile) -> Tab:
    tab = shop.visit(profile)
    wait_until_kept(tab)
    return tab


def wait_until_kept(tab: Tab) -> None:
    """Wait until the page's own snapshot lies in the browser's storage."""
    started = f"{RECORDING} && performance.timeOrigin"
    origin: float = eventually(lambda: tab.run(started), bool, PATIENCE_S)
    eventually(lambda: tab.run(PARTS), lambda parts: newest(parts) >= origin, PATIENCE_S)


def newest(parts: list[dict[str, Any]]) -> float:
    return max((part["atMs"] for part in parts), default=0)


def count_on(tab: Tab, snapshots: int) -> None:
    """Let the page's number grow until so many more full snapshots are kept."""
    for _ in range(snapshots):
        before = newest(tab.run(PARTS))
        eventually(
            lambda: (count(tab, 1), newest(tab.run(PARTS)))[1],
            lambda at_ms, before=before: at_ms > before,
            PATIENCE_S,
        )


class ByProtocol(Tab):
    """A tab that is driven by Chromium's own protocol, which survives a crash of its page."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab.browser, tab.name)
        self.protocol("Page.enable")
        self._session = f"cdp-{self.name}"

    def goto(self, url: str) -> None:
        # The first try after a crash may only give the tab a new process.
        eventually(lambda: self._navigated(url), lambda shown: shown == url, PATIENCE_S)

    def run(self, script: str) -> Any:
        said = self._send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return said["result"].get("value")

    def _send(self, method: str, **params: object) -> Any:
        return self.browser.call(self._session, "send", method, params)

    def _navigated(self, url: str) -> str:
        try:
            self._send("Page.navigate", url=url)
            history = self._send("Page.getNavigationHistory")
        except BrowserError:
            return ""
        return history["entries"][history["currentIndex"]]["url"]

    def crash(self) -> None:
        with pytest.raises(BrowserError):
            super().goto("chrome://crash")


def captured(tab: Tab) -> str:
    """Return the recording's id once there is one."""
    return eventually(lambda: tab.run(f"{RECORDING}?.recordingId"), bool, PATIENCE_S)


def stored(bucket: Bucket, recording_id: str) -> list[Event]:
    """Return the events of a recording, whose batches have the numbers from 0 on."""
    batches = bucket.batches(recording_id)
    assert list(batches) == list(range(len(batches)))
    return [one for body in batches.values() for one in events_of(body)]


def captured_by(events: list[Event]) -> list[str]:
    tag = "rrweb-store:captured"
    custom = [one["data"] for one in events if one["type"] == CUSTOM]
    return [one["payload"]["by"] for one in custom if one["tag"] == tag]


def captured_after_s(events: list[Event]) -> float:
    """Return how long after the first event the trigger came."""
    (at_ms,) = (
        one["timestamp"]
        for one in events
        if one["type"] == CUSTOM and one["data"]["tag"] == "rrweb-store:captured"
    )
    return (at_ms - events[0]["timestamp"]) / 1000


def ids_of(node: dict[str, Any]) -> set[int]:
    return {node["id"]}.union(*(ids_of(child) for child in node.get("childNodes", [])))


def assert_it_can_be_played(events: list[Event]) -> None:
    """Check that it begins with a full snapshot, and that mutations are of known nodes."""
    assert [one["type"] for one in events[:2]] == [META, FULL_SNAPSHOT]
    known: set[int] = set()
    for event in events:
        if event["type"] == FULL_SNAPSHOT:
            known = ids_of(event["data"]["node"])
        changes: dict[str, Any] = event["data"] if event["type"] == INCREMENTAL else {}
        for add in cast("list[dict[str, Any]]", changes.get("adds", [])):
            assert add["parentId"] in known
            known |= ids_of(add["node"])
        for text in cast("list[dict[str, Any]]", changes.get("texts", [])):
            assert text["id"] in known


def test_a_visit_without_a_trigger_sends_nothing(buffering: Shop, profile: Profile) -> None:
    tab = visit(buffering, profile)
    count_on(tab, snapshots=2)
    tab.do("click", "#count")
    tab.run("rrwebRecorder.recording.identify('ada')")
    assert tab.run("rrwebRecorder.recording.recordingId") == ""
    assert tab.run("rrwebRecorder.recording.getReplayUrl()") == ""
    tab.do("click", "#other")
    wait_until_kept(tab)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    tab.run(HIDE)
    tab.goto("about:blank")

    assert buffering.proxy.asked == []


def test_an_error_on_the_second_page_brings_what_was_before_it(
    buffering: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(buffering, profile)
    count_on(tab, snapshots=2)
    tab.goto(f"{buffering.url}/other")
    wait_until_kept(tab)
    count(tab, 2)
    tab.run(FAULT)
    recording_id = captured(tab)
    count(tab, 1)
    tab.run("rrwebRecorder.recording.flush()")
    url = tab.run("rrwebRecorder.recording.getReplayUrl()")

    events = stored(bucket, recording_id)
    assert_it_can_be_played(events)
    assert captured_by(events) == ["error"]
    assert captured_after_s(events) >= SECONDS
    assert numbers(events)[-3:] == [1, 2, 3]
    assert float(url.split("t=")[1]) >= SECONDS
    assert tab.run(PARTS) == []
    (created,) = buffering.created()
    assert created["startedAtMs"] == events[0]["timestamp"]

    tab.goto(f"{buffering.url}/")  # it is recorded from its start
    assert captured(tab) == recording_id
    count(tab, 4)
    tab.run("rrwebRecorder.recording.flush()")
    assert numbers(stored(bucket, recording_id))[-4:] == [1, 2, 3, 4]

    before = len(buffering.facts())
    tab.goto("about:blank")
    facts = eventually(buffering.facts, lambda facts: len(facts) > before, PATIENCE_S)[-1]
    assert (facts["errors"], facts["clicks"]) == (1, 1)
    shown = [one["data"]["href"] for one in stored(bucket, recording_id) if one["type"] == META]
    assert facts["pages"] == list(dict.fromkeys(shown))
    assert cast("int", facts["durationMs"]) >= SECONDS * 1000


def test_the_next_page_finds_what_a_crashed_one_has_kept(
    buffering: Shop, profile: Profile, bucket: Bucket
) -> None:
    buffering.attributes["buffer-seconds"] = "60"  # the machine may be slow
    tab = ByProtocol(visit(buffering, profile))
    count(tab, 3)
    tab.run("rrwebRecorder.recording.flush()")
    assert tab.run(PARTS)
    tab.crash()
    tab.goto(f"{buffering.url}/other")
    wait_until_kept(tab)
    tab.run(FAULT)
    recording_id = captured(tab)
    tab.run("rrwebRecorder.recording.flush()")

    events = stored(bucket, recording_id)
    assert_it_can_be_played(events)
    assert numbers(events) == [1, 2, 3]
    assert len([one for one in events if one["type"] == FULL_SNAPSHOT]) >= 2


def test_an_error_as_the_page_goes_is_recorded_too(
    buffering: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(buffering, profile)
    count(tab, 3)
    tab.run("addEventListener('pagehide', () => dispatchEvent(new ErrorEvent('error')), true)")
    tab.goto("about:blank")

    (created,) = eventually(buffering.created, bool, PATIENCE_S)
    assert created["pageUrl"] == f"{buffering.url}/"
    batches = eventually(buffering.proxy.batches, bool, PATIENCE_S)
    recording_id = batches[0].path.split("/recordings/")[1].split("/")[0]
    bucket.wait_for_numbers(recording_id, 3)


def test_a_user_whose_tab_buffers_gets_a_recording_by_a_call(site: Site, profile: Profile) -> None:
    site.options |= {"mode": "buffer", "buffer": {"seconds": SECONDS, "maxBytes": 60_000}}
    tab = site.visit(profile)
    eventually(lambda: tab.run(PARTS), bool, PATIENCE_S)
    for _ in range(8):  # far more than the bytes that may be kept
        tab.run(NOISE)
        tab.run("recording.flush()")
        assert sum(part["bytes"] for part in tab.run(PARTS)) < 100_000
    assert site.proxy.asked == []
    tab.goto(f"{site.url}/other")
    wait_until_kept(tab)
    tab.run("recording.pause(); recording.capture(); recording.resume(); count(3)")
    recording_id = captured(tab)
    tab.run("recording.flush()")

    events = eventually(
        lambda: site.read(recording_id).events,
        lambda events: 3 in numbers(events),
        PATIENCE_S,
    )
    assert_it_can_be_played(events)
    assert captured_by(events) == ["call"]
