"""What docs/recorder.md guarantees where storage, tabs or the profile are not the usual ones."""

from collections.abc import Iterator

import pytest

from tests.browsers.browser import KINDS, PATIENCE_S, Browser, eventually
from tests.browsers.chromium import Chromium
from tests.browsers.firefox import Firefox
from tests.browsers.visited import Visited, recording_id_of
from tests.browsers.webkit import WebKit

FORBIDDEN = """for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
"""
# A private window is one whose profile is kept in memory, as a driven MiniBrowser's always is.
PRIVATE = {
    "firefox": lambda: Firefox('user_pref("browser.privatebrowsing.autostart", true);'),
    "webkit": WebKit,
    "chromium": lambda: Chromium("--incognito"),
}
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_window_is_recorded(kind: str, visited: Visited, web_build: None) -> None:
    with PRIVATE[kind]() as browser:
        tab = browser.window()
        recording_id = visited.visit(tab)
        tab.run("count(2)")
        tab.close()

        assert visited.wait_for(recording_id, 2) == [1, 2]
