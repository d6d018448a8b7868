"""What a leaving page sends, by each way to leave it. docs/recorder.md has a longer run's table."""

from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browsers.browser import PATIENCE_S, Browser, Tab, eventually
from tests.browsers.departures import DEPARTURES, FLUSH, KILLED, OFF, ON, QUIT, end_alone, leave
from tests.browsers.undriven import UndrivenWebKit
from tests.browsers.visited import (
    Owner,
    Visited,
    events_of,
    kept_events,
    recording_id_of,
    shown,
    wait_until_kept,
)

FULL = 2  # rrweb's type of a full snapshot
Record = Callable[[str, object], None]


@pytest.fixture(params=["site", "user"])
def visited(request: pytest.FixtureRequest) -> Iterator[Visited]:
    owner: Owner = request.param
    visited = Visited(owner)
    yield visited
    visited.close()


@pytest.mark.parametrize("way", [*OFF, *ON])
def test_a_page_that_is_left_loses_nothing(
    browser: Browser, visited: Visited, way: str, record_property: Record
) -> None:
    found = leave(browser, visited, way, DEPARTURES)

    record_property(f"{browser.kind}, {visited.owner}, {way}", str(found))
    assert (found.late, found.lost, found.split) == (0, 0, 0)


@pytest.mark.without("webkit", "under a driver MiniBrowser keeps its storage in memory")
@pytest.mark.parametrize("way", [QUIT, KILLED])
def test_what_a_browser_that_ends_could_not_send_comes_with_the_next_visit(
    own_browser: Browser, visited: Visited, way: str, record_property: Record
) -> None:
    found = leave(own_browser, visited, way, DEPARTURES)

    record_property(f"{own_browser.kind}, {visited.owner}, {way}", str(found))
    assert found.lost == 0


def test_what_a_killed_webkit_had_kept_comes_with_the_next_visit(
    visited: Visited, record_property: Record, web_build: None
) -> None:
    with UndrivenWebKit() as browser:
        found = end_alone(browser, visited, KILLED, DEPARTURES)

    record_property(f"webkit, {visited.owner}, {KILLED}", str(found))
    assert found.lost == 0


def test_webkit_sends_as_its_window_is_closed(
    visited: Visited, record_property: Record, web_build: None
) -> None:
    with UndrivenWebKit() as browser:
        found = end_alone(browser, visited, QUIT, DEPARTURES + 1)

    record_property(f"webkit, {visited.owner}, {QUIT}", str(found))
    assert found.lost <= 1 + DEPARTURES // 20  # its process for the network may end too soon


@pytest.mark.without("chromium", "its pages leave their batch to the next one")
@pytest.mark.parametrize("way", ["reload", "link on the site"])
def test_a_page_sends_what_it_has_while_the_next_one_loads(
    browser: Browser, visited: Visited, way: str
) -> None:
    visited.options["flushMs"] = 600_000  # else a page that waits for the next one sends, too
    tab = browser.tab()
    recording_id = visited.visit(tab)
    tab.run("recording.flush()")  # WebKit gives such a page no answer any more, as to its creation
    last = tab.run("count(3)")
    sent: list[list[int]] = []
    visited.before_page = lambda: sent.append(visited.wait_for(recording_id, last))
    ON[way](tab, visited)

    assert sent[:1] == [[1, 2, 3]]  # WebKit also asks for an icon
    tab.close()


def test_a_batch_that_is_sent_again_is_the_same(browser: Browser, visited: Visited) -> None:
    tab = browser.tab()
    recording_id = visited.visit(tab)
    tab.run("recording.flush().then(() => { emitted = 0; })")
    tab.run("count(3)")
    wait_until_kept(tab)  # what a later page sends, unless it finds more
    last = tab.run("count(1)")
    ON["link on the site"](tab, visited)
    recording_id_of(tab)
    tab.run(FLUSH)
    visited.wait_for(recording_id, last)
    tab.close()
    later = browser.tab()
    visited.visit(later)
    later.run(FLUSH)
    eventually(lambda: later.run(kept_events()), lambda it: it[0] == 0, PATIENCE_S)
    later.close()

    bodies = [visited.intake.bodies_of(batch) for batch in visited.intake.sent_again()]
    assert [body for first, *again in bodies for body in again if body != first] == []


@pytest.mark.parametrize("browser", ["firefox"], indirect=True)  # others tell, or hand nothing over
def test_a_page_that_is_reloaded_by_keys_gets_the_batch_if_it_comes_at_once(
    browser: Browser, visited: Visited
) -> None:
    visited.options["flushMs"] = 600_000
    tab = browser.tab()
    visited.visit(tab)

    assert any(goes_on_after_reload(tab, visited) for _ in range(10))  # it may come late each time
    tab.close()


def goes_on_after_reload(tab: Tab, visited: Visited) -> bool:
    """Reload by keys, and return whether the batch of the page has the next one's snapshot, too."""
    recording_id = recording_id_of(tab)
    tab.run(FLUSH)
    last = tab.run("count(3)")
    tab.press(Keys.F5)  # a driver's keys do nothing but in the page
    tab.reload()
    recording_id_of(tab)
    tab.run(FLUSH)
    visited.wait_for(recording_id, last)
    (batch,) = (one for one, body in visited.intake.stored.items() if last in shown(body))
    return any(event["type"] == FULL for event in events_of(visited.intake.stored[batch]))


# The page that is shown again would see the batch if it asked for locks: that takes a moment.
QUICK = """navigator.locks.query = async () =>
({ held: [
  { name: `rrweb-recorder ${JSON.parse(sessionStorage['rrweb-recorder']).recordingId}` },
] });"""


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)  # others hand nothing over to it
@pytest.mark.parametrize("visited", ["site"], indirect=True)
def test_a_page_that_is_shown_again_gets_the_batch_of_the_page_that_goes_after_that(
    browser: Browser, visited: Visited
) -> None:
    visited.before = QUICK
    tab = browser.tab()
    visited.visit(tab, "/first")
    wait_until_kept(tab)
    recording_id = visited.visit(tab)
    tab.run(FLUSH)
    last = tab.run("count(3)")
    eventually(lambda: tab.run(kept_events()), lambda it: it[0] > 0, PATIENCE_S)
    ON["back"](tab, visited)
    tab.run(FLUSH)

    assert last in visited.wait_for(recording_id, last)
    tab.close()
