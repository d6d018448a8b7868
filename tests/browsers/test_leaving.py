"""What a leaving page sends, by each way to leave it. docs/recorder.md has a longer run's table."""

import os
from collections.abc import Iterator

import pytest

from tests.browsers.browser import Browser
from tests.browsers.departures import ENDS, OFF, ON, leave
from tests.browsers.visited import Owner, Visited

# `make browsers DEPARTURES=50` measures; the usual run only sees that nothing is lost.
DEPARTURES = int(os.environ.get("DEPARTURES", "1"))
# Chromium ends at once what its pages send and store.
LOSES_AT_TIMES = ("chromium", "browser quit")


@pytest.fixture(params=["site", "user"])
def visited(request: pytest.FixtureRequest) -> Iterator[Visited]:
    owner: Owner = request.param
    visited = Visited(owner)
    yield visited
    visited.close()


@pytest.mark.parametrize("way", [*OFF, *ON])
def test_a_page_that_is_left_loses_nothing(
    browser: Browser, visited: Visited, way: str, record_departures: list[str]
) -> None:
    found = leave(browser, visited, way, DEPARTURES)

    record_departures.append(f"{browser.kind}, {visited.owner}, {way}: {found}")
    assert (found.late, found.lost, found.split) == (0, 0, 0)


@pytest.mark.without("webkit", "under a driver MiniBrowser keeps its storage in memory")
@pytest.mark.parametrize("way", ENDS)
def test_what_a_browser_that_ends_could_not_send_comes_with_the_next_visit(
    own_browser: Browser, visited: Visited, way: str, record_departures: list[str]
) -> None:
    found = leave(own_browser, visited, way, DEPARTURES)

    record_departures.append(f"{own_browser.kind}, {visited.owner}, {way}: {found}")
    assert found.lost == 0 or (own_browser.kind, way) == LOSES_AT_TIMES


def test_a_batch_that_is_sent_again_is_the_same(browser: Browser, visited: Visited) -> None:
    leave(browser, visited, "link on the site", DEPARTURES)

    bodies = [visited.intake.bodies_of(batch) for batch in visited.intake.sent_again()]
    assert [body for first, *again in bodies for body in again if body != first] == []
