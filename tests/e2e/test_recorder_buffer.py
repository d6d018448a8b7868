"""A visit that is kept in the browser until something happens that is worth a recording."""

from typing import Any

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.shop import Bucket, Shop, count, events_of, numbers
from tests.e2e.site import PATIENCE_S
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

SECONDS = 2
META, FULL_SNAPSHOT, CUSTOM = 4, 2, 5
# The parts of all buffers in the browser, without their bytes.
PARTS = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder-buffer', 1);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map(({ recordingId, sequence, events, mark }) => (
        { recordingId, sequence, events, atMs: mark?.atMs ?? 0 })));
    };
  };
})"""
FAULT = "setTimeout(() => { throw new Error('planted') })"


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
    started = "window.rrwebRecorder?.recording && performance.timeOrigin"
    origin = eventually(lambda: tab.run(started), bool, PATIENCE_S)
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


def captured_by(events: list[Event]) -> list[str]:
    tag = "rrweb-store:captured"
    custom = [one["data"] for one in events if one["type"] == CUSTOM]
    return [one["payload"]["by"] for one in custom if one["tag"] == tag]


def test_a_visit_without_a_trigger_sends_nothing(buffering: Shop, profile: Profile) -> None:
    tab = visit(buffering, profile)
    count_on(tab, snapshots=2)
    assert tab.run("rrwebRecorder.recording.recordingId") == ""
    assert tab.run("rrwebRecorder.recording.getReplayUrl()") == ""
    tab.do("click", "#other")
    wait_until_kept(tab)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    tab.goto("about:blank")

    assert buffering.proxy.asked == []


def test_an_error_on_the_second_page_brings_what_was_before_it(
    buffering: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(buffering, profile)
    count_on(tab, snapshots=2)
    tab.do("click", "#other")
    wait_until_kept(tab)
    count(tab, 2)
    tab.run(FAULT)
    recording_id = eventually(
        lambda: tab.run("rrwebRecorder.recording.recordingId"), bool, PATIENCE_S
    )
    count(tab, 1)
    tab.run("rrwebRecorder.recording.flush()")

    batches = bucket.batches(recording_id)
    events = [one for _, body in sorted(batches.items()) for one in events_of(body)]
    assert list(batches) == list(range(len(batches)))
    assert [one["type"] for one in events[:2]] == [META, FULL_SNAPSHOT]
    assert captured_by(events) == ["error"]
    assert numbers(events)[-3:] == [1, 2, 3]
