"""The site in Firefox, WebKit and Chromium, and recordings of each replayed in each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from selenium.webdriver.common.keys import Keys

from sandbox.program import PROJECT
from sandbox.server import Sandbox
from tests.browsers.browser import KINDS, Browser, Tab
from tests.browsers.chromium import ChromiumTab
from tests.browsers.conftest import OPEN
from tests.browsers.firefox import Firefox
from tests.browsers.watching import (
    FACTS,
    READY,
    REPLAYED,
    Facts,
    at_rest,
    picture,
    press_button,
    resize,
    sign_in,
    wait_for,
)
from tests.e2e.local_http import Answer, Asked, LocalServer

KEY = "wk_formformformformformform"
CONFIG = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:sites": json.dumps([{"id": "form", "keys": [KEY], "privacy": "inputs"}]),
}
WATCHER, OWNER = "watcher", "owner"
HTML = {"Content-Type": "text/html; charset=utf-8"}
SCRIPT = {"Content-Type": "text/javascript"}
ID = "window.rrwebRecorder?.recording?.recordingId"
ROUND = "document.querySelector('.player .round').getAttribute('aria-label')"
SHOWN = f"{REPLAYED}.querySelector('#button').textContent"
WHOLE = "!!document.querySelector('.player progress.hidden')"

# docs/site.md lists them: their size follows the browser's own fonts, languages and arrows.
FIELDS = {"text", "search", "number", "password", "file", "date", "time", "select", "list"}
OWN_FIELDS = {"textarea", "own-text", "own-select", "own-textarea"}
OF_EACH_BROWSER = FIELDS | OWN_FIELDS | {"submit", "in-box"}  # the last is beside a scrollbar
DIFFERS = {
    "chromium": OF_EACH_BROWSER,
    "firefox": OF_EACH_BROWSER | {"button", "button-input"},
    # What WebKitGTK draws is the system's, and other than Safari's.
    "webkit": OF_EACH_BROWSER
    | {"button", "button-input", "checkbox", "radio", "range", "colour", "progress"},
}
DRAWN_BY_THE_SYSTEM = {"webkit": {"progress"}}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A visit to the page of controls."""

    recording_id: str
    facts: Facts


@pytest.fixture(scope="session")
def site(web_build: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), shop_port=None, config=CONFIG) as sandbox:
        sandbox.tokens(WATCHER, ["site-form"])
        sandbox.tokens(OWNER, [])
        yield sandbox


@pytest.fixture(scope="session")
def recordings(site: Sandbox) -> dict[str, Recorded]:
    """Return a visit in each browser."""
    script = (PROJECT / "web" / "recorder" / "dist" / "page-copy.js").read_bytes()
    page = (PROJECT / "tests" / "data" / "controls.html").read_text("utf-8")
    page = page.replace("WRITE_URL", f"{site.api_url}/w/{KEY}")

    def respond(asked: Asked) -> Answer:
        if asked.path == "/page-copy.js":
            return Answer(200, SCRIPT, script)
        return Answer(200, HTML, page.encode())

    with LocalServer(respond) as server:
        return {kind: _recorded(kind, server.url) for kind in KINDS}


def _recorded(kind: str, url: str) -> Recorded:
    with OPEN[kind]() as browser:
        tab = browser.tab()
        resize(browser, tab, 1000, 700)
        tab.goto(url)
        recording_id = wait_for(tab, ID)
        tab.click("#button")
        wait_for(tab, "document.querySelector('#button').textContent === 'Pressed'")
        facts = at_rest(tab, lambda: tab.run(f"({FACTS})(document)"))
        picture(tab, f"recorded-in-{kind}")
        tab.run("rrwebRecorder.recording.stop()")
        return Recorded(recording_id=recording_id, facts=facts)


@pytest.fixture(scope="session")
def watcher(browser: Browser, site: Sandbox) -> Tab:
    """Return a tab in which a member of the site's group is signed in."""
    tab = browser.tab()
    sign_in(tab, f"{site.site_url}/sites/form", WATCHER)
    return tab


def open_recording(tab: Tab, site: Sandbox, recording: Recorded, query: str = "") -> None:
    tab.goto(f"{site.site_url}/sites/form/recordings/{recording.recording_id}{query}")
    wait_for(tab, READY)


def test_a_watcher_signs_in_and_opens_a_recording_of_the_list(
    browser: Browser, site: Sandbox, recordings: dict[str, Recorded], watcher: Tab
) -> None:
    watcher.goto(f"{site.site_url}/sites/form")
    wait_for(watcher, "document.querySelectorAll('.card .badge.length').length === 3")
    for width in (1280, 390):
        resize(browser, watcher, width, 860)
        at_rest(watcher, lambda: watcher.run("document.body.innerText"))
        picture(watcher, f"list-{browser.kind}-{width}")
    resize(browser, watcher, 1280, 860)
    watcher.click(".card")

    wait_for(watcher, READY)
    assert watcher.run("document.querySelector('h1').textContent") == "Every control"


def test_a_recording_is_played_by_keys_to_its_end(
    browser: Browser, site: Sandbox, recordings: dict[str, Recorded], watcher: Tab
) -> None:
    open_recording(watcher, site, recordings["firefox"], "?t=0")
    wait_for(watcher, WHOLE)  # else the end is that of what is loaded
    watcher.press(Keys.END)
    wait_for(watcher, f"{ROUND} === 'Play again' && {SHOWN} === 'Pressed'")
    watcher.press(Keys.HOME)
    wait_for(watcher, f"{ROUND} === 'Play' && {SHOWN} === 'Press'")
    watcher.press(" ")
    wait_for(watcher, f"{SHOWN} === 'Pressed'")
    watcher.press(Keys.ARROW_RIGHT)

    wait_for(watcher, f"{ROUND} === 'Play again'")


def test_a_key_fills_the_screen_with_the_player_and_ends_that(
    browser: Browser, site: Sandbox, recordings: dict[str, Recorded], watcher: Tab
) -> None:
    open_recording(watcher, site, recordings["webkit"], "?t=0")
    watcher.press("f")
    wait_for(watcher, "document.fullscreenElement?.className === 'player'")
    at_rest(watcher, lambda: watcher.run("[innerWidth, innerHeight]"))
    picture(watcher, f"full-screen-{browser.kind}")
    watcher.press("f")

    wait_for(watcher, "document.fullscreenElement === null")


def test_a_link_to_the_moment_is_copied(
    site: Sandbox, recordings: dict[str, Recorded], watcher: Tab
) -> None:
    open_recording(watcher, site, recordings["chromium"], "?t=0")
    press_button(watcher, "Copy a link to this moment")

    wait_for(watcher, "!!document.querySelector('[aria-label=\"Copied\"]')")


def test_a_person_watches_what_the_playground_records(browser: Browser, site: Sandbox) -> None:
    tab = browser.window()
    resize(browser, tab, 1280, 860)
    sign_in(tab, f"{site.site_url}/playground", OWNER)
    press_button(tab, "Record this page")
    live = "document.querySelector('.live-view iframe')?.contentDocument"
    wait_for(tab, f"!!{live}?.querySelector('#count')")
    for _ in range(3):
        tab.click("#count")

    wait_for(tab, f"{live}.body.textContent.includes('Clicked 3 times')")
    picture(tab, f"live-{browser.kind}")
    tab.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_was_recorded_in_any_browser_looks_alike(
    kind: str, browser: Browser, site: Sandbox, recordings: dict[str, Recorded], watcher: Tab
) -> None:
    resize(browser, watcher, 1280, 860)
    recorded = recordings[kind]
    open_recording(watcher, site, recorded, "?t=100")
    pressed = f"{REPLAYED}?.querySelector('#button')?.textContent === 'Pressed'"
    wait_for(watcher, pressed)
    replayed = at_rest(watcher, lambda: watcher.run(f"({FACTS})({REPLAYED})"))
    picture(watcher, f"{kind}-in-{browser.kind}")
    resize(browser, watcher, 390, 860)
    at_rest(watcher, lambda: watcher.run("[innerWidth, document.body.scrollHeight]"))
    picture(watcher, f"{kind}-in-{browser.kind}-390")

    assert texts(recorded.facts) == texts(replayed)
    listed = DIFFERS[kind] | DRAWN_BY_THE_SYSTEM.get(browser.kind, set())
    if kind == browser.kind:
        listed = set[str]()
    found = elsewhere(recorded.facts, replayed) - listed
    assert {name: (recorded.facts[name], replayed[name]) for name in found} == {}


def texts(facts: Facts) -> dict[str, str]:
    return {name: fact["text"] for name, fact in facts.items()}


def elsewhere(recorded: Facts, replayed: Facts) -> set[str]:
    """Return the elements whose boxes are more than a pixel apart."""
    return {
        name
        for name, fact in recorded.items()
        if any(abs(a - b) > 1 for a, b in zip(fact["box"], replayed[name]["box"], strict=True))
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_site_is_dark_where_the_system_is(
    kind: str, site: Sandbox, recordings: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GTK_THEME", "Adwaita:dark")  # WebKit's
    with dark_browser(kind) as browser:
        tab = browser.tab()
        if isinstance(tab, ChromiumTab):
            dark = {"name": "prefers-color-scheme", "value": "dark"}
            tab.call("Emulation.setEmulatedMedia", features=[dark])
        resize(browser, tab, 1280, 860)
        sign_in(tab, f"{site.site_url}/sites/form", WATCHER)
        open_recording(tab, site, recordings[kind], "?t=0")
        picture(tab, f"dark-{kind}")

        background = tab.run("getComputedStyle(document.body).backgroundColor")
        assert background == "rgb(18, 20, 23)"


def dark_browser(kind: str) -> Browser:
    if kind == "firefox":
        return Firefox('user_pref("layout.css.prefers-color-scheme.content-override", 0);')
    return OPEN[kind]()
