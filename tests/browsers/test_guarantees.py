"""What docs/recorder.md guarantees where storage, tabs or the profile are not the usual ones."""

from collections.abc import Iterator

import pytest

from tests.browsers.browser import PATIENCE_S, Browser, eventually
from tests.browsers.chromium import Chromium
from tests.browsers.firefox import Firefox
from tests.browsers.visited import HTML, Visited, recording_id_of
from tests.e2e.local_http import Answer, LocalServer

FORBIDDEN = """for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
"""
# A private window is one whose profile is kept in memory, as a driven MiniBrowser's always is: the
# other tests show that it is recorded.
PRIVATE = {
    "firefox": lambda: Firefox('user_pref("browser.privatebrowsing.autostart", true);'),
    "chromium": lambda: Chromium("--incognito"),
}
CAME_BACK = "addEventListener('pageshow', ({ persisted }) => { window.cameBack = persisted; });"
# Firefox keeps no page that holds a lock, as the recorder's does.
NO_LOCKS = {"firefox": "Object.defineProperty(navigator, 'locks', { value: undefined });"}
# A frame's page, whose storage may not be asked for.
IN_FRAME = """
let storage = 'blocked';
try { if (localStorage && indexedDB) storage = 'allowed'; } catch {}
addEventListener('load', () => parent.postMessage(storage, '*'));
addEventListener('message', async () => {
  document.getElementById('count').textContent = '#1';
  await new Promise((soon) => setTimeout(soon, 0));
  parent.postMessage('shown', '*');
});
"""
# What the page around it writes, and what that leaves the frame.
FRAMES = {"": "allowed", 'sandbox="allow-scripts"': "blocked"}
OUTER = """<!doctype html><title>Outer</title><script>
addEventListener('message', ({{ data }}) => {{ window.told = data; }});
</script><iframe src="{url}" {attributes}></iframe>"""
# How many of the events that the page has given are kept, and how many there are.
KEPT_EVENTS = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder', 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve([all.result.reduce((sum, { events }) => sum + events, 0), emitted]);
    };
  };
})"""
SHOW = "document.getElementById('count').textContent = '#1'"


@pytest.fixture
def visited() -> Iterator[Visited]:
    visited = Visited("site")
    yield visited
    visited.close()


def test_a_page_without_storage_sends_what_it_has(browser: Browser, visited: Visited) -> None:
    visited.before = FORBIDDEN
    tab = browser.tab()
    recording_id = visited.visit(tab)
    tab.run(f"new Promise((soon) => setTimeout(soon, 0)).then(() => void ({SHOW}))")
    tab.run("recording.flush()")
    tab.close()

    assert visited.wait_for(recording_id, 1) == [1]


def test_two_tabs_are_two_recordings(browser: Browser, visited: Visited) -> None:
    tabs = [browser.window(), browser.window()]
    recordings = [visited.visit(tab) for tab in tabs]
    lasts = [tab.run(f"count({times})") for tab, times in zip(tabs, (2, 3), strict=True)]
    for tab in tabs:
        tab.close()

    seen = [visited.wait_for(one, last) for one, last in zip(recordings, lasts, strict=True)]
    assert (len(set(recordings)), seen) == (2, [[1, 2], [1, 2, 3]])


def test_a_page_that_returns_by_the_back_button_goes_on(browser: Browser, visited: Visited) -> None:
    tab = browser.tab()
    recording_id = visited.visit(tab)
    tab.run("count(2)")
    tab.goto(visited.elsewhere_url)
    tab.back()
    eventually(lambda: tab.run("location.origin"), lambda it: it == visited.url, PATIENCE_S)
    assert recording_id_of(tab) == recording_id
    visited.wait_for(recording_id, 2)
    last = tab.run("count(2)")
    tab.close()

    assert visited.wait_for(recording_id, last) == [1, 2, 3, 4]


def test_a_page_from_the_cache_of_the_way_back_sends_each_change_once(
    browser: Browser, visited: Visited
) -> None:
    visited.before = CAME_BACK + NO_LOCKS.get(browser.kind, "")
    tab = browser.tab()
    recording_id = visited.visit(tab)
    tab.run("count(2)")
    tab.click("#elsewhere")
    eventually(lambda: tab.run("document.title"), lambda title: title == "Elsewhere", PATIENCE_S)
    tab.back()
    eventually(lambda: tab.run("location.origin"), lambda it: it == visited.url, PATIENCE_S)
    came_back = eventually(lambda: tab.run("window.cameBack"), is_known, PATIENCE_S)
    visited.wait_for(recording_id, 2)
    last = tab.run("count(2)")
    tab.close()

    assert (came_back, visited.wait_for(recording_id, last)) == (True, [1, 2, 3, 4])
    assert visited.intake.recordings() == [recording_id]


@pytest.mark.parametrize(("attributes", "storage"), FRAMES.items(), ids=FRAMES.values())
def test_a_frame_of_another_site_sends_what_it_has(
    browser: Browser, visited: Visited, attributes: str, storage: str
) -> None:
    visited.before = IN_FRAME
    outer = OUTER.format(url=visited.url, attributes=attributes)
    with LocalServer(lambda _: Answer(200, HTML, outer.encode())) as server:
        tab = browser.tab()
        tab.goto(server.url.replace("127.0.0.1", "localhost"))
        told = eventually(lambda: tab.run("window.told"), bool, PATIENCE_S)
        tab.run("void frames[0].postMessage('show', '*')")
        eventually(lambda: tab.run("window.told"), lambda it: it == "shown", PATIENCE_S)
        tab.close()
    (recording_id,) = eventually(visited.intake.recordings, bool, PATIENCE_S)

    assert (told, visited.wait_for(recording_id, 1)) == (storage, [1])


@pytest.mark.without("webkit", "WebKitWebDriver ends its session when a page crashes")
def test_a_crashed_page_loses_no_more_than_two_seconds(
    own_browser: Browser, visited: Visited
) -> None:
    tab = own_browser.window()
    recording_id = visited.visit(tab)
    kept = tab.run("count(3)")
    eventually(lambda: tab.run(KEPT_EVENTS), lambda it: it[0] == it[1] > 0, PATIENCE_S)
    tab.run("count(1)")
    own_browser.crash_pages()
    later = own_browser.window()
    visited.visit(later, "/later")
    later.run("recording.flush()")

    assert visited.wait_for(recording_id, kept, PATIENCE_S)[:3] == [1, 2, 3]


def test_chromium_alone_prerenders(browser: Browser, visited: Visited) -> None:
    tab = browser.tab()
    visited.visit(tab)

    assert tab.run("'prerendering' in document") is (browser.kind == "chromium")
    tab.close()


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_private_window_is_recorded(kind: str, visited: Visited, web_build: None) -> None:
    with PRIVATE[kind]() as browser:
        tab = browser.window()
        recording_id = visited.visit(tab)
        tab.run("count(2)")
        tab.close()

        assert visited.wait_for(recording_id, 2) == [1, 2]


def is_known(value: object) -> bool:
    return value is not None
