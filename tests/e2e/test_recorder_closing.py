"""What a page that goes can still send: its events are there though no page of the site follows."""

import gzip
import json

import pytest

from tests.e2e.browser import BrowserError, Profile, Tab
from tests.e2e.local_http import Answer, Asked, Go
from tests.e2e.site import HIDE, PATIENCE_S, Site, assert_each_event_once, recording_id_of
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

# 100 rows, none like another.
RENDER = """list.replaceChildren(...Array.from({ length: 100 }, (_, n) => {
  const row = document.createElement('li');
  row.textContent = `row ${n} of customer ${Math.random().toString(36).slice(2, 8)} 🚢`;
  return row;
}))"""
# Counts the bytes that were compressed, and gets stuck when told to.
COUNTING = """const Real = CompressionStream;
window.compressed = 0;
window.CompressionStream = function (format) {
  let bytes = 0;
  const before = new TransformStream({
    transform(piece, stream) {
      if (window.stuck) return new Promise(() => (window.isStuck = true));
      bytes += piece.length;
      stream.enqueue(piece);
    },
  });
  const after = new TransformStream({ flush: () => void (compressed += bytes) });
  const readable = before.readable.pipeThrough(new Real(format)).pipeThrough(after);
  return { writable: before.writable, readable };
};"""
# As in a browser that ends the page at once.
STUCK_AS_IT_GOES = f"{COUNTING} addEventListener('pagehide', () => (window.stuck = true));"
# The recorder compresses once it has gathered so much.
AHEAD_CHARACTERS = 16_384
NO_COMPRESSION = "delete window.CompressionStream;"


def visit(site: Site, profile: Profile, *, before: str = COUNTING) -> tuple[Tab, str]:
    """Return a tab that sends nothing by itself any more, and its recording."""
    site.options["flushMs"] = 600_000
    tab = site.visit(profile, before=before)
    tab.run("recording.flush()")
    return tab, recording_id_of(tab)


def render(site: Site, profile: Profile, tab: Tab, times: int) -> None:
    """Render 100 rows that often; each time, wait until all but a short rest is compressed."""
    recording_id = recording_id_of(tab)
    for _ in range(times):
        events = len(site.emitted(profile, recording_id))
        tab.run(f"void {RENDER}")
        eventually(
            lambda: (site.emitted(profile, recording_id), tab.run("compressed")),
            lambda done, events=events: (
                len(done[0]) > events and bytes_of(done[0]) - done[1] < AHEAD_CHARACTERS
            ),
            PATIENCE_S,
        )


def bytes_of(events: list[Event]) -> int:
    """Return how much text the recorder makes of the events."""
    texts = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in events]
    return sum(len(text.encode()) for text in texts)


def test_a_page_that_is_closed_with_300_kb_of_text_loses_none(site: Site, profile: Profile) -> None:
    tab, recording_id = visit(site, profile, before=STUCK_AS_IT_GOES)
    sent = len(site.proxy.batches())
    render(site, profile, tab, 15)
    tab.run("count(5)")
    tab.close()

    assert_each_event_once(site, profile, recording_id)
    [last] = site.proxy.batches()[sent:]
    assert len(gzip.decompress(last.body)) > 300_000
    assert len(last.body) <= 60_000


def test_a_page_that_is_closed_while_it_compresses_loses_nothing(
    site: Site, profile: Profile
) -> None:
    tab, recording_id = visit(site, profile)
    sent = len(site.proxy.batches())
    render(site, profile, tab, 2)
    tab.run(f"window.stuck = true; void {RENDER}")
    eventually(lambda: tab.run("window.isStuck === true"), bool, PATIENCE_S)
    tab.run("count(5)")
    tab.close()

    assert_each_event_once(site, profile, recording_id)
    [last] = site.proxy.batches()[sent:]
    assert len(gzip.decompress(last.body)) > len(last.body) > 20_000


def test_a_crash_after_some_was_compressed_gives_each_event_once(
    site: Site, profile: Profile
) -> None:
    tab, recording_id = visit(site, profile)
    events = len(site.emitted(profile, recording_id))
    sent = len(site.proxy.batches())
    render(site, profile, tab, 3)
    tab.run("count(5)")
    site.wait_until_kept(tab, profile, events)
    with pytest.raises(BrowserError):
        tab.goto("chrome://crash")
    assert len(site.proxy.batches()) == sent

    site.visit(profile, "/other")

    assert_each_event_once(site, profile, recording_id)
    of_it = [one.sequence for one in site.proxy.batches()[sent:] if recording_id in one.path]
    assert of_it == [str(sent)]


def test_a_browser_that_cannot_compress_sends_lines(site: Site, profile: Profile) -> None:
    tab, recording_id = visit(site, profile, before=NO_COMPRESSION)
    tab.run(f"{RENDER}; count(5)")
    tab.close()

    assert_each_event_once(site, profile, recording_id)
    types = {one.headers["content-type"] for one in site.proxy.batches()}
    assert types == {"application/x-ndjson"}


def test_a_page_that_is_hidden_sends_what_it_has_gathered(site: Site, profile: Profile) -> None:
    tab, recording_id = visit(site, profile)
    tab.run("count(5)")
    sent = len(site.proxy.batches())
    tab.run(HIDE)

    eventually(lambda: len(site.proxy.batches()), lambda number: number > sent, PATIENCE_S)
    assert_each_event_once(site, profile, recording_id)


def test_a_batch_sent_with_the_page_and_again_with_the_next_is_the_same(
    site: Site, profile: Profile
) -> None:
    tab, recording_id = visit(site, profile)
    sequence = str(len(site.proxy.batches()))

    def bodies() -> list[bytes]:
        return [one.body for one in site.proxy.batches() if one.sequence == sequence]

    def forgetful(asked: Asked, go: Go) -> Answer | None:
        answer = go()
        return None if asked.sequence == sequence else answer

    site.proxy.fault = forgetful
    render(site, profile, tab, 3)
    tab.run("count(5)")
    # A mouse would scroll to the link, and the test may not hear of an event of the last moment.
    tab.run("void setTimeout(() => document.querySelector('#other').click(), 0)")
    tab.do("waitForURL", f"{site.url}/other")
    with_the_page = len(eventually(bodies, bool, PATIENCE_S))
    site.proxy.fault = None
    tab.run("recording.flush()")

    sent = eventually(bodies, lambda found: len(found) > with_the_page, PATIENCE_S)
    assert len(set(sent)) == 1
    assert_each_event_once(site, profile, recording_id)
