"""The bookmarklet on a site that is not ours, and pages that want the token of its relay."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.e2e.browser import RECORDER, Profile, Tab
from tests.e2e.local_http import Answer, Asked, LocalServer, Proxy
from tests.e2e.site import HTML, PATIENCE_S, SCRIPT, SECRET
from tests.e2e.user import Event, User, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'"
FOREIGN = "<!doctype html><title>Foreign</title><p id=text>hello</p><input id=name>"
# It hears everything that any window says to it.
EARS = """window.heard = []; addEventListener('message', (event) => {
  heard.push(JSON.stringify(event.data));
  for (const port of event.ports) port.onmessage = ({data}) => heard.push(JSON.stringify(data));
});"""
RELAY = """<!doctype html><title>Relay</title><main></main>
<script src="/relay.iife.js"></script><script src="/start.js"></script>"""


class OurSite:
    """The relay's origin, as the stack's site would serve it."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.proxy = Proxy(user.api_url)
        self.server = LocalServer(self._respond)
        self.url = f"{self.server.url}/relay"

    def _respond(self, asked: Asked) -> Answer:
        if asked.path == "/relay.iife.js":
            return Answer(200, SCRIPT, (RECORDER / "dist" / "relay.iife.js").read_bytes())
        if asked.path == "/start.js":
            options = f"apiUrl: {self.proxy.url!r}, getToken: async () => {self.user.token!r}"
            start = f"rrwebRelay.startRelay({{{options}, root: document.querySelector('main')}})"
            return Answer(200, SCRIPT, start.encode())
        return Answer(200, HTML, RELAY.encode())

    def script(self) -> str:
        """Return what the bookmark runs, as `bookmarkletScript` puts it together."""
        text = (RECORDER / "dist" / "bookmarklet.iife.js").read_text(encoding="utf-8")
        call = f"rrwebBookmarklet.recordThisPage({json.dumps({'relayUrl': self.url})})"
        return f"(()=>{{{text};{call}}})()"

    def close(self) -> None:
        self.server.close()
        self.proxy.close()


@pytest.fixture
def ours(owner: User) -> Iterator[OurSite]:
    ours = OurSite(owner)
    yield ours
    ours.close()


@pytest.fixture
def foreign() -> Iterator[LocalServer]:
    """Return a site that forbids scripts, styles, frames and connections of others."""
    headers = {**HTML, "Content-Security-Policy": STRICT}
    isolated = {**headers, "Cross-Origin-Opener-Policy": "same-origin"}

    def respond(asked: Asked) -> Answer:
        return Answer(200, isolated if asked.path == "/apart" else headers, FOREIGN.encode())

    with LocalServer(respond) as server:
        yield server


def click_bookmark(tab: Tab, ours: OurSite) -> None:
    """Run the bookmarklet as the browser does: the page's policy holds for all that it does."""
    answer = tab.protocol(
        "Runtime.evaluate",
        expression=ours.script(),
        userGesture=True,
        allowUnsafeEvalBlockedByCSP=False,
    )
    assert "exceptionDetails" not in answer, answer


def state(tab: Tab) -> str:
    return tab.run("document.getElementById('rrweb-store-badge').dataset.state")


def says(tab: Tab, text: str) -> None:
    eventually(lambda: state(tab), lambda said: text in said, PATIENCE_S)


def recorded(ours: OurSite) -> list[Event]:
    paths = {one.path.split("/")[2] for one in ours.proxy.batches()}
    return [event for path in paths for event in ours.user.read(path).events]


def test_a_page_with_a_strict_policy_is_recorded(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": EARS})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    says(tab, "Say yes in the other window")
    relay = profile.tab_at(ours.url)
    relay.do("click", "button")
    says(tab, "Recording")
    tab.do("type", "#name", SECRET)
    tab.run("void (document.getElementById('text').textContent = 'changed')")
    tab.goto(f"{foreign.url}/next")

    events = eventually(
        lambda: recorded(ours),
        lambda events: any("changed" in json.dumps(event) for event in events),
        PATIENCE_S,
    )
    assert [event["type"] for event in events[:2]] == [4, 2]
    assert SECRET not in json.dumps(events)
    assert "rrweb-store-badge" not in json.dumps([one for one in events if one["type"] != 2])
    about = ours.user.get(f"/recordings/{ours.proxy.batches()[0].path.split('/')[2]}").json()
    assert about["pageUrl"] == f"{foreign.url}/"


def test_the_token_never_comes_to_the_recorded_page(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": EARS})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    profile.tab_at(ours.url).do("click", "button")
    says(tab, "Recording")
    eventually(ours.proxy.batches, bool, PATIENCE_S)

    heard = tab.run("heard")
    assert len(heard) >= 1
    assert [one for one in heard if (ours.user.token or "") in one] == []
    assert {asked.headers.get("origin") for asked in ours.proxy.asked} == {ours.server.url}


def test_a_page_that_keeps_itself_apart_says_why_it_is_not_recorded(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.goto(f"{foreign.url}/apart")
    click_bookmark(tab, ours)

    says(tab, "keeps itself apart")
    assert ours.proxy.asked == []


def test_closing_the_other_window_ends_the_recording(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    relay = profile.tab_at(ours.url)
    relay.do("click", "button")
    says(tab, "Recording")
    relay.close()

    says(tab, "recording has stopped")


def press_badge(tab: Tab, from_right_px: int, kind: str = "mousePressed") -> None:
    x, y = tab.run(
        "(({right, top, height}) => [right, top + height / 2])"
        "(document.getElementById('rrweb-store-badge').getBoundingClientRect())"
    )
    at = {"x": x - from_right_px, "y": y, "button": "left", "clickCount": 1}
    tab.protocol("Input.dispatchMouseEvent", type=kind, **at)


def release_badge(tab: Tab, from_right_px: int) -> None:
    press_badge(tab, from_right_px, "mouseReleased")


def click_badge(tab: Tab, from_right_px: int) -> None:
    """Click into the badge as a person does: nothing else comes into its closed shadow."""
    press_badge(tab, from_right_px)
    release_badge(tab, from_right_px)


# While it records, rrweb hears of new style rules by a wrapper.
NATIVE = "window.native = CSSStyleSheet.prototype.insertRule;"
IS_NATIVE = "CSSStyleSheet.prototype.insertRule === native"
STOP, PAUSE = 35, 100


def test_the_badge_pauses_goes_on_and_stops(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": NATIVE})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    relay = profile.tab_at(ours.url)
    relay.do("click", "button")
    says(tab, "Recording")
    assert not tab.run(IS_NATIVE)
    write = "void (document.getElementById('text').textContent = '%s')"

    click_badge(tab, PAUSE)
    says(tab, "Paused")
    tab.run(write % "unseen")
    click_badge(tab, PAUSE)
    says(tab, "Recording")
    tab.run(write % "seen again")
    tab.run("new Promise((soon) => setTimeout(soon, 50))")
    click_badge(tab, STOP)
    says(tab, "Recording has stopped")
    assert tab.run(IS_NATIVE)  # nothing listens to the page any more
    tab.run(write % "too late")
    eventually(lambda: relay.run("document.body.innerText"), lambda t: "ended" in t, PATIENCE_S)

    events = eventually(
        lambda: recorded(ours), lambda events: "seen again" in json.dumps(events), PATIENCE_S
    )
    assert [event["type"] for event in events].count(2) == 2  # the second when it went on
    assert "too late" not in json.dumps(events)
    paused = [one for one in events if "unseen" in json.dumps(one)]
    assert [one["type"] for one in paused] in ([], [2])


def test_a_button_that_is_pressed_while_something_was_stored_still_works(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    profile.tab_at(ours.url).do("click", "button")
    says(tab, "Recording")

    press_badge(tab, STOP)
    eventually(ours.proxy.batches, bool, PATIENCE_S)
    time.sleep(1)  # its answer comes to the badge
    release_badge(tab, STOP)

    says(tab, "Recording has stopped")


def test_a_window_that_the_browser_blocks_is_said(
    ours: OurSite, foreign: LocalServer, profile: Profile, recorder_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": "window.open = () => null;"})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)

    assert "browser kept the window shut" in state(tab)
    click_badge(tab, STOP)  # there, it is Close
    assert tab.run("document.getElementById('rrweb-store-badge')") is None


ATTACKS = {
    "opens it and asks": "window.relay = open(URL_ + '#origin=' + origin + '&nonce=1')",
    "opens it for another origin": (
        "window.relay = open(URL_ + '#origin=https://victim.example&nonce=1')"
    ),
    "opens it for every origin": "window.relay = open(URL_ + '#origin=*&nonce=1')",
    "frames it": (
        "const frame = document.createElement('iframe'); frame.src = URL_ + '#origin=' + origin +"
        "'&nonce=1'; document.body.append(frame); window.relay = frame.contentWindow"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nobody_gets_anything_out_of_the_relay(
    ours: OurSite, profile: Profile, recorder_build: None, attack: str
) -> None:
    with LocalServer(lambda _: Answer(200, HTML, b"<!doctype html><body>")) as attacker:
        tab = profile.tab()
        tab.do("addInitScript", {"content": EARS})
        tab.goto(attacker.url)
        tab.run(f"void (() => {{ const URL_ = {ours.url!r}; {attack}; }})()")
        asks = [{"kind": kind} for kind in ("token", "about", "events", "rrweb-store:hello")]
        tab.run(
            f"(async () => {{ for (let n = 0; n < 10; n++) {{ for (const ask of {asks})"
            "relay.postMessage({...ask, text: '{}', events: [{type: 3, timestamp: 1}]}, '*');"
            "await new Promise((soon) => setTimeout(soon, 100)); } })()"
        )

        assert tab.run("heard") == []
        assert ours.proxy.asked == []


def test_a_yes_for_another_origin_tells_the_opener_nothing(
    ours: OurSite, profile: Profile, recorder_build: None
) -> None:
    with LocalServer(lambda _: Answer(200, HTML, b"<!doctype html><body>")) as attacker:
        tab = profile.tab()
        tab.do("addInitScript", {"content": EARS})
        tab.goto(attacker.url)
        tab.run(f"void open('{ours.url}#origin=https://victim.example&nonce=1')")
        profile.tab_at(ours.url).do("click", "button")
        tab.run("new Promise((soon) => setTimeout(soon, 500))")

        assert (tab.run("heard"), ours.proxy.asked) == ([], [])
