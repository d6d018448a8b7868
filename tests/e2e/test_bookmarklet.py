"""The bookmarklet on a site that is not ours, and pages that want the token of its relay."""

import json
import threading
from collections.abc import Iterator

import pytest

from tests.e2e.browser import RECORDER, Profile, Tab
from tests.e2e.local_http import Answer, Asked, Go, LocalServer, Proxy
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
        self.token = repr(user.token)
        """An expression, which the relay's page evaluates for each token."""
        self.proxy = Proxy(user.api_url)
        self.server = LocalServer(self._respond)
        self.url = f"{self.server.url}/relay"

    def _respond(self, asked: Asked) -> Answer:
        if asked.path == "/relay.iife.js":
            return Answer(200, SCRIPT, (RECORDER / "dist" / "relay.iife.js").read_bytes())
        if asked.path == "/start.js":
            options = f"apiUrl: {self.proxy.url!r}, getToken: async () => {self.token}"
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
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": EARS})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    says(tab, "Confirm in the other window")
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
    assert "rrweb-store-badge" not in json.dumps(events)
    assert "rr-block" not in json.dumps(events)
    about = ours.user.get(f"/recordings/{ours.proxy.batches()[0].path.split('/')[2]}").json()
    assert about["pageUrl"] == f"{foreign.url}/"


def test_the_token_never_comes_to_the_recorded_page(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
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
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    tab = profile.tab()
    tab.goto(f"{foreign.url}/apart")
    click_bookmark(tab, ours)

    says(tab, "is isolated from it")
    assert ours.proxy.asked == []


def test_closing_the_other_window_ends_the_recording(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
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
# The badge states its state anew when the relay has told it that something was stored.
TELL_WHEN_STATED = """new MutationObserver(() => (window.isStated = true)).observe(
  document.getElementById('rrweb-store-badge'), { attributes: true })"""


def test_the_badge_pauses_goes_on_and_stops(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
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
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    may_answer = threading.Event()

    def held(_asked: Asked, go: Go) -> Answer:
        may_answer.wait(PATIENCE_S)
        return go()

    ours.proxy.fault = held
    tab = profile.tab()
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    profile.tab_at(ours.url).do("click", "button")
    says(tab, "Recording")

    press_badge(tab, STOP)
    tab.run(TELL_WHEN_STATED)
    may_answer.set()
    eventually(lambda: tab.run("window.isStated === true"), bool, PATIENCE_S)
    release_badge(tab, STOP)

    says(tab, "Recording has stopped")


def test_a_window_that_the_browser_blocks_is_said(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    tab = profile.tab()
    tab.do("addInitScript", {"content": "window.open = () => null;"})
    tab.goto(foreign.url)
    click_bookmark(tab, ours)

    assert "browser blocked the window" in state(tab)
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
def test_a_hostile_page_gets_nothing_out_of_the_relay(
    ours: OurSite, profile: Profile, web_build: None, attack: str
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
        )  # a second in all, since no answer is what is expected

        assert tab.run("heard") == []
        assert ours.proxy.asked == []


def test_a_yes_for_another_origin_tells_the_opener_nothing(
    ours: OurSite, profile: Profile, web_build: None
) -> None:
    with LocalServer(lambda _: Answer(200, HTML, b"<!doctype html><body>")) as attacker:
        tab = profile.tab()
        tab.do("addInitScript", {"content": EARS})
        tab.goto(attacker.url)
        tab.run(f"void open('{ours.url}#origin=https://victim.example&nonce=1')")
        profile.tab_at(ours.url).do("click", "button")
        tab.run("new Promise((soon) => setTimeout(soon, 500))")  # no answer is what is expected

        assert (tab.run("heard"), ours.proxy.asked) == ([], [])


# The second in which the relay's button does not work passes when `pass()` is called.
HELD = """window.held = new Map(); let next = 1e6; const later = setTimeout, never = clearTimeout;
window.setTimeout = (work, ms, ...more) =>
  ms === 1000 ? (held.set(++next, work), next) : later(work, ms, ...more);
window.clearTimeout = (id) => held.delete(id) || never(id);
window.pass = () => {
  const all = [...held.values()];
  held.clear();
  for (const work of all) work();
};
"""


def click_button(tab: Tab) -> None:
    """Click where the button is, whether it works or not."""
    x, y = tab.run(
        "(({left, top, width, height}) => [left + width / 2, top + height / 2])"
        "(document.querySelector('button').getBoundingClientRect())"
    )
    at = {"x": x, "y": y, "button": "left", "clickCount": 1}
    tab.protocol("Input.dispatchMouseEvent", type="mousePressed", **at)
    tab.protocol("Input.dispatchMouseEvent", type="mouseReleased", **at)


def press_key(tab: Tab, key: str) -> None:
    text = {"Enter": "\r", " ": " "}.get(key, "")
    at = {
        "key": key,
        "code": key,
        "text": text,
        "windowsVirtualKeyCode": {"Enter": 13, " ": 32}.get(key, 9),
    }
    tab.protocol("Input.dispatchKeyEvent", type="keyDown", **at)
    tab.protocol("Input.dispatchKeyEvent", type="keyUp", **at)


def opened_by_a_click(profile: Profile, attacker: LocalServer, ours: OurSite) -> tuple[Tab, Tab]:
    """Return a hostile page that has opened the relay under the pointer, and the relay."""
    profile.run_first(EARS + HELD)
    tab = profile.tab()
    tab.goto(attacker.url)
    address = f"{ours.url}#origin={attacker.url}&nonce=1"
    popup = "popup,left=0,top=0,width=460,height=320"
    tab.run(f"void addEventListener('mousedown', () => open({address!r}, '', {popup!r}))")
    at = {"x": 100, "y": 100, "button": "left", "clickCount": 1}
    tab.protocol("Input.dispatchMouseEvent", type="mousePressed", **at)
    relay = profile.tab_at(ours.url)
    eventually(lambda: relay.run("!!document.querySelector('button')"), bool, PATIENCE_S)
    return tab, relay


@pytest.fixture
def attacker() -> Iterator[LocalServer]:
    with LocalServer(lambda _: Answer(200, HTML, b"<!doctype html><body>")) as server:
        yield server


def test_a_double_click_where_the_window_opens_is_no_answer(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None
) -> None:
    tab, relay = opened_by_a_click(profile, attacker, ours)
    for _ in range(3):
        click_button(relay)
    for key in ("Enter", " "):
        press_key(relay, key)
    said = relay.run("document.querySelector('main').innerText")
    assert "The button works in a second." in said
    assert relay.run("document.querySelector('button').disabled") is True
    assert tab.run("heard") == []

    relay.run("pass()")
    assert "You can answer now." in relay.run("document.querySelector('main').innerText")
    assert relay.run("[...document.querySelectorAll('[role=status]')].length") == 2
    click_button(relay)
    eventually(lambda: tab.run("heard"), bool, PATIENCE_S)


def test_the_button_waits_anew_when_its_window_was_not_in_sight(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None
) -> None:
    tab, relay = opened_by_a_click(profile, attacker, ours)
    relay.run("pass()")
    relay.run("dispatchEvent(new Event('blur'))")
    click_button(relay)

    assert tab.run("heard") == []
    relay.run("pass()")
    press_key(relay, "Tab")
    press_key(relay, "Enter")
    eventually(lambda: tab.run("heard"), bool, PATIENCE_S)


# It has the port, as a page has whose origin was agreed to, and says what it likes.
TAKE_PORT = """window.told = []; addEventListener('message', ({ ports: [port] }) => {
  window.port = port; port.onmessage = ({ data }) => told.push(data); });"""
META = "({type: 4, timestamp: Date.now(), data: {href: %s, width: 1, height: 1}})"
SNAPSHOT = (
    "({type: 2, timestamp: Date.now(), data: {initialOffset: {left: 0, top: 0},"
    " node: {type: 0, id: 1, childNodes: []}}})"
)
TEXT = "({type: 5, timestamp: Date.now(), data: {tag: 'said', payload: %s}})"


def with_port(profile: Profile, attacker: LocalServer, ours: OurSite) -> tuple[Tab, Tab]:
    """Return a hostile page whose origin a person has agreed to, and the relay."""
    profile.run_first(TAKE_PORT)
    tab = profile.tab()
    tab.goto(attacker.url)
    tab.run(f"void open('{ours.url}#origin={attacker.url}&nonce=1')")
    relay = profile.tab_at(ours.url)
    relay.do("click", "button")
    eventually(lambda: tab.run("!!window.port"), bool, PATIENCE_S)
    return tab, relay


def about(page_url: str) -> str:
    return f"{{kind: 'about', text: JSON.stringify({{startedAtMs: 1, pageUrl: {page_url}}})}}"


def events(*texts: str) -> str:
    return f"{{kind: 'events', events: [{', '.join(texts)}]}}"


def post(tab: Tab, *messages: str) -> None:
    for message in messages:
        tab.run(f"port.postMessage({message})")


def main_says(relay: Tab, text: str) -> None:
    eventually(
        lambda: relay.run("document.querySelector('main').innerText"),
        lambda said: text in said,
        PATIENCE_S,
    )


ELSEWHERE = ["'https://bank.example/'", "'about:blank'", "'null'", "'file:///etc/'", "undefined"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_page_cannot_be_listed_under_another_address(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None, address: str
) -> None:
    tab, relay = with_port(profile, attacker, ours)
    post(tab, about(address), about("location.href"), events(META % "location.href", SNAPSHOT))
    main_says(relay, f"did not identify itself as {attacker.url}")

    assert ours.proxy.asked == []
    assert [one["kind"] for one in tab.run("told")] == ["ended"]


def test_events_cannot_name_another_address_and_nothing_is_taken_after(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None
) -> None:
    tab, relay = with_port(profile, attacker, ours)
    post(tab, about("location.href"), events(META % "location.href", SNAPSHOT, TEXT % "'good'"))
    eventually(lambda: len(recorded(ours)), lambda number: number == 2, PATIENCE_S)
    post(tab, events(TEXT % "'kept'", META % "'https://bank.example/'", TEXT % "'bad'"))
    main_says(relay, f"sent events of an address outside {attacker.url}")
    post(tab, events(TEXT % "'late'"), "{kind: 'end'}", about("location.href"))
    main_says(relay, "You may close this window")
    relay.close()

    found = eventually(
        lambda: recorded(ours), lambda found: "kept" in json.dumps(found), PATIENCE_S
    )
    text = json.dumps(found)
    assert [word in text for word in ("good", "kept", "bank.example", "bad", "late")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_nothing_is_taken_once_the_recording_has_ended(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None
) -> None:
    tab, relay = with_port(profile, attacker, ours)
    post(tab, about("location.href"), events(META % "location.href", SNAPSHOT, TEXT % "'good'"))
    post(tab, "{kind: 'end'}", events(TEXT % "'late'"))
    main_says(relay, "The recording has ended. You may close this window.")
    post(tab, events(TEXT % "'later'"), "{kind: 'end'}")
    relay.close()

    tab.run("new Promise((soon) => setTimeout(soon, 1000))")  # what it sent as it closed is there
    text = json.dumps(eventually(lambda: recorded(ours), bool, PATIENCE_S))
    assert ("good" in text, "late" in text) == (True, False)


def test_another_user_signing_in_there_ends_the_recording(
    ours: OurSite, attacker: LocalServer, profile: Profile, web_build: None, other: User
) -> None:
    profile.run_first("window.token = undefined")
    ours.token = f"window.token ?? {ours.user.token!r}"
    tab, relay = with_port(profile, attacker, ours)
    post(tab, about("location.href"), events(META % "location.href", SNAPSHOT))
    eventually(lambda: len(recorded(ours)), lambda number: number == 2, PATIENCE_S)
    relay.run(f"void (window.token = {other.token!r})")
    post(tab, events(TEXT % "'of an unknown user'"), "{kind: 'end'}")
    main_says(
        relay, "Another user has signed in. The recording has ended. You may close this window."
    )
    sent = {
        asked.headers["authorization"] for asked in ours.proxy.asked if asked.method != "OPTIONS"
    }

    assert sent == {f"Bearer {ours.user.token}"}


def test_a_page_without_an_address_of_its_own_is_not_recorded(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    with LocalServer(lambda _: Answer(200, HTML, b"<!doctype html><body>")) as plain:
        tab = profile.tab()
        tab.goto(plain.url)
        tab.run("void open('about:blank')")
        blank = profile.tab_at("about:blank")
        assert blank.run("self.origin") == plain.url  # it has its opener's
        click_bookmark(blank, ours)

        assert "no web address of its own" in state(blank)
        assert ours.proxy.asked == []


def test_a_page_that_comes_back_says_that_its_recording_has_ended(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    tab = profile.tab()
    tab.goto(foreign.url)
    click_bookmark(tab, ours)
    relay = profile.tab_at(ours.url)
    relay.do("click", "button")
    says(tab, "Recording")
    tab.goto(f"{foreign.url}/next")
    main_says(relay, "The recording has ended")
    tab.back()

    # A browser that does not bring it back as it was loads it anew, without a badge.
    badge = tab.run("document.getElementById('rrweb-store-badge')?.dataset.state ?? 'none'")
    assert badge == "none" or "has ended with this page" in badge


def test_a_title_that_ends_in_half_a_character_is_listed(
    ours: OurSite, foreign: LocalServer, profile: Profile, web_build: None
) -> None:
    tab = profile.tab()
    tab.goto(foreign.url)
    tab.run("void (document.title = 'y'.repeat(1023) + '🚢')")
    click_bookmark(tab, ours)
    profile.tab_at(ours.url).do("click", "button")
    says(tab, "Recording")
    [made] = eventually(
        lambda: [one for one in ours.proxy.asked if one.method == "PUT"], bool, PATIENCE_S
    )

    about = eventually(
        lambda: ours.user.get(made.path), lambda got: got.status_code == 200, PATIENCE_S
    )
    assert about.json()["pageTitle"] == "y" * 1023
