"""What docs/recorder.md guarantees where storage, tabs or the profile are not the usual ones."""

from collections.abc import Callable, Iterator

import pytest

from tests.browsers.browser import PATIENCE_S, Browser, eventually
from tests.browsers.chromium import Chromium
from tests.browsers.firefox import Firefox
from tests.browsers.undriven import UndrivenWebKit, acted, acts
from tests.browsers.visited import HTML, Visited, kept_events, recording_id_of, wait_until_kept
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
# WebKit's driver survives no crash and keeps storage in memory, so here a page acts alone.
ALONE = f"""await count(3);
  for (let kept = 0, given = 1; kept !== given; ) [kept, given] = await {kept_events()};
  await count(1);"""
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
    recording_id, told = visit_frame(browser, visited, attributes)

    assert (told, visited.wait_for(recording_id, 1)) == (storage, [1])


def test_a_frame_of_another_site_sends_what_it_has_where_a_visitor_lets_none_store(
    visited: Visited, web_build: None
) -> None:
    with Firefox('user_pref("network.cookie.cookieBehavior", 1);') as browser:
        recording_id, told = visit_frame(browser, visited)

        assert (told, visited.wait_for(recording_id, 1)) == ("blocked", [1])


def visit_frame(browser: Browser, visited: Visited, attributes: str = "") -> tuple[str, str]:
    """Let a frame change and go; return its recording, and whether it had storage."""
    visited.before = IN_FRAME
    outer = OUTER.format(url=visited.url, attributes=attributes)
    with LocalServer(lambda _: Answer(200, HTML, outer.encode())) as server:
        tab = browser.tab()
        tab.goto(server.url.replace("127.0.0.1", "localhost"))
        told: str = eventually(lambda: tab.run("window.told"), bool, PATIENCE_S)
        tab.run("void frames[0].postMessage('show', '*')")
        eventually(lambda: tab.run("window.told"), lambda it: it == "shown", PATIENCE_S)
        tab.close()
    (recording_id,) = eventually(visited.intake.recordings, bool, PATIENCE_S)
    return recording_id, told


@pytest.mark.without("webkit", "WebKitWebDriver ends its session when a page crashes")
def test_a_crashed_page_loses_no_more_than_two_seconds(
    own_browser: Browser, visited: Visited
) -> None:
    tab = own_browser.window()
    recording_id = visited.visit(tab)
    kept = tab.run("count(3)")
    wait_until_kept(tab)
    tab.run("count(1)")
    own_browser.crash_pages()
    later = own_browser.window()
    visited.visit(later, "/later")
    later.run("recording.flush()")

    assert visited.wait_for(recording_id, kept, PATIENCE_S)[:3] == [1, 2, 3]


@pytest.mark.parametrize("end", [UndrivenWebKit.crash_pages, UndrivenWebKit.kill])
def test_what_webkit_has_kept_comes_after_a_crash(
    end: Callable[[UndrivenWebKit], None], visited: Visited
) -> None:
    visited.before = acts(ALONE)
    with UndrivenWebKit() as browser:
        browser.open(visited.url)
        eventually(lambda: acted(visited), bool, PATIENCE_S)
        end(browser)
        browser.kill()
        assert visited.intake.recordings() == []
        browser.open_later(visited)
        (recording_id,) = eventually(lambda: with_numbers(visited), bool, PATIENCE_S)

    assert visited.wait_for(recording_id, 3)[:3] == [1, 2, 3]


def with_numbers(visited: Visited) -> list[str]:
    """Return the recordings in which a number was shown."""
    return [one for one in visited.intake.recordings() if visited.intake.numbers(one)]


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
