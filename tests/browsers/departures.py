"""The ways to leave a page, and what each of them cost the recording."""

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.browsers.browser import Browser, Tab, eventually
from tests.browsers.undriven import UndrivenWebKit, acted, acts
from tests.browsers.visited import PATIENCE_S, Visited

# `make browsers DEPARTURES=50` measures; the usual run only sees that nothing is lost.
DEPARTURES = int(os.environ.get("DEPARTURES", "1"))
# What does not come within this time after the page has gone comes with the next visit, or never.
SOON_S = 4.0
# In a page that has come back, WebKitGTK may answer a request of before only when it times out.
FLUSH = "Promise.race([recording.flush(), new Promise((late) => setTimeout(late, 3000))])"


@dataclass
class Lost:
    """Of a number of departures."""

    departures: int = 0
    late: int = 0
    """The last events came with the next visit only."""
    lost: int = 0
    """They never came."""
    split: int = 0
    """The next page of the tab started another recording."""
    twice: int = 0
    """A batch was sent again."""

    def __str__(self) -> str:
        return (
            f"{self.departures} departures: {self.late} late, {self.lost} lost, "
            f"{self.split} split, {self.twice} twice"
        )


def link(tab: Tab, visited: Visited) -> None:
    tab.click("#elsewhere")
    eventually(lambda: tab.run("document.title"), lambda title: title == "Elsewhere", PATIENCE_S)


def address(tab: Tab, visited: Visited) -> None:
    tab.goto(visited.elsewhere_url)


def close(tab: Tab, visited: Visited) -> None:
    tab.close()


def link_on_site(tab: Tab, visited: Visited) -> None:
    tab.click("#next")
    eventually(lambda: tab.run("location.pathname"), lambda path: path == "/next", PATIENCE_S)


def reload(tab: Tab, visited: Visited) -> None:
    tab.reload()


def back(tab: Tab, visited: Visited) -> None:
    tab.back()
    eventually(lambda: tab.run("location.pathname"), lambda path: path == "/first", PATIENCE_S)


Go = Callable[[Tab, Visited], None]
# The page that follows is not of the site.
OFF: Mapping[str, Go] = {
    "link to another site": link,
    "typed address": address,
    "tab closed": close,
    "window closed": close,
}
# It is.
ON: Mapping[str, Go] = {"link on the site": link_on_site, "reload": reload, "back": back}
QUIT, KILLED = "browser quit", "process killed"


def use(tab: Tab) -> int:
    """Do as a visitor of a moment, and return the last number that the page has shown."""
    tab.run("rows(50)")
    tab.click("button")
    time.sleep(random.uniform(0.1, 1.5))
    tab.run("rows(10)")
    return tab.run("count(3)")


# The same in a page that no driver moves.
USE_ALONE = """rows(50);
  document.querySelector('button').click();
  await ms(100 + 1400 * Math.random());
  rows(10);
  await count(3);"""


def leave(browser: Browser, visited: Visited, way: str, times: int) -> Lost:
    """Leave as often, each time a tab of its own."""
    if way in {QUIT, KILLED}:
        return end(browser, visited, way, times)
    found = Lost()
    off: set[str] = set()
    for _ in range(times):
        tab = browser.window() if way == "window closed" else browser.tab()
        if way == "back":
            visited.visit(tab, "/first")
        recording_id = visited.visit(tab)
        if way == "back":
            tab.run(FLUSH)  # what the first page has left is not what is measured
        before = batches_sent_again(visited, recording_id)
        last = use(tab)
        found.departures += 1
        if way in OFF:
            OFF[way](tab, visited)
            off.add(recording_id)
        else:
            ON[way](tab, visited)
            now = eventually(lambda tab=tab: tab.run("recording.recordingId"), bool, PATIENCE_S)
            found.split += now != recording_id
            tab.run(FLUSH)
            found.twice += batches_sent_again(visited, recording_id) > before
        look(visited, {recording_id: last}, found, lambda: visit_later(browser, visited))
        if "closed" not in way:
            tab.close()
    found.twice += len(off & recordings_sent_again(visited))  # by the next visits
    return found


def batches_sent_again(visited: Visited, recording_id: str) -> int:
    return sum(one == recording_id for one, _ in visited.intake.sent_again())


def recordings_sent_again(visited: Visited) -> set[str]:
    return {recording_id for recording_id, _ in visited.intake.sent_again()}


def end(browser: Browser, visited: Visited, way: str, times: int) -> Lost:
    """Let the browser end with up to five windows at a time."""
    found = Lost()
    while found.departures < times:
        lasts: dict[str, int] = {}
        for _ in range(min(5, times - found.departures)):
            tab = browser.window()
            recording_id = visited.visit(tab)
            lasts[recording_id] = use(tab)
        if way == QUIT:
            browser.quit()
        else:
            time.sleep(2.5)  # what is younger than two seconds may get lost, as documented
            browser.kill()
        browser.reopen()
        found.departures += len(lasts)
        look(visited, lasts, found, lambda: visit_later(browser, visited))
        found.twice += len(lasts.keys() & recordings_sent_again(visited))
    return found


def end_alone(browser: UndrivenWebKit, visited: Visited, way: str, times: int) -> Lost:
    """Let a browser without a driver end as often, with one window."""
    visited.before = acts(USE_ALONE)
    found = Lost()
    while found.departures < times:
        browser.open(visited.url)
        lasts = eventually(
            lambda: acted(visited), lambda lasts: len(lasts) > found.departures, PATIENCE_S
        )
        if way == QUIT:
            browser.quit()
        else:
            time.sleep(2.5)  # as above
            browser.kill()
        found.departures = len(lasts)
        look(visited, dict([lasts.popitem()]), found, lambda: browser.open_later(visited))
        browser.kill()
    found.twice = len(acted(visited).keys() & recordings_sent_again(visited))
    return found


def visit_later(browser: Browser, visited: Visited) -> Tab:
    """Return a tab whose page sends what others have left."""
    tab = browser.tab()
    visited.visit(tab, "/later")
    tab.run("recording.flush()")
    return tab


def look(
    visited: Visited, lasts: Mapping[str, int], found: Lost, come_again: Callable[[], Tab | None]
) -> None:
    """Count what has not come."""
    missing = dict(lasts)

    def is_there() -> bool:
        for recording_id, last in list(missing.items()):
            if last in visited.intake.numbers(recording_id):
                del missing[recording_id]
        return not missing

    deadline = time.monotonic() + SOON_S
    while not is_there() and time.monotonic() < deadline:
        time.sleep(0.05)
    if not missing:
        return
    number = len(missing)
    later = come_again()
    deadline = time.monotonic() + SOON_S
    while not is_there() and time.monotonic() < deadline:
        time.sleep(0.05)
    if later:
        later.close()
    found.lost += len(missing)
    found.late += number - len(missing)
