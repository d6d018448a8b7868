"""A site's visitors, recorded by a script tag on a page of another origin."""

import base64
import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import CORS, Answer, Asked, Go, Proxy, down
from tests.e2e.shop import (
    CONSOLE,
    Shop,
    count,
    events_of,
    numbers,
    recording_id_of,
    wait_for_tag,
)
from tests.e2e.site import HIDE, MOVABLE_CLOCK, PATIENCE_S
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

KEY = "wk_sandboxsandboxsandboxdemo"
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
FORBIDDEN = "get() { throw new DOMException('The operation is insecure.', 'SecurityError') }"
NO_LOCAL_STORAGE = f"Object.defineProperty(window, 'localStorage', {{ {FORBIDDEN} }});"
NO_COMPRESSION = "delete window.CompressionStream;"
# What all three storages of a page hold.
STORED = """(async () => ({
  local: { ...localStorage }, tab: { ...sessionStorage },
  databases: (await indexedDB.databases()).map(({ name }) => name),
}))()"""
NOTHING = {"local": {}, "tab": {}, "databases": []}

Batches = Callable[[str], dict[int, bytes]]


@pytest.fixture
def fake() -> dict[str, bytes]:
    return {}


@pytest.fixture
def shop(fake) -> Iterator[Shop]:
    proxy = Proxy("http://127.0.0.1:1")

    def respond(asked, _go):
        if asked.method == "OPTIONS":
            return Answer(404, CORS)
        if asked.method == "HEAD":
            return Answer(404, CORS)
        status = 201
        if "/events/" in asked.path:
            status = 412 if asked.path in fake else 200
        fake.setdefault(asked.path, asked.body)
        return Answer(status, CORS, b"{}")

    proxy._pass_on = lambda asked: respond(asked, None)
    shop = Shop(proxy, KEY)
    yield shop
    shop.close()


@pytest.fixture
def batches(fake) -> Batches:
    def read(recording_id: str) -> dict[int, bytes]:
        found = {}
        for path, body in fake.items():
            match = re.search(rf"/recordings/{recording_id}/events/(\d+)$", path)
            if match:
                found[int(match[1])] = body
        return dict(sorted(found.items()))

    return read


def stored_events(batches: Batches, recording_id: str) -> list[Event]:
    return [event for body in batches(recording_id).values() for event in events_of(body)]


def wait_for_numbers(batches: Batches, recording_id: str, last: int) -> None:
    """Wait until the page's numbers are stored, each once and in order."""
    seen = eventually(
        lambda: numbers(stored_events(batches, recording_id)),
        lambda seen: last in seen,
        PATIENCE_S,
    )
    assert seen == list(range(1, last + 1))


def test_a_tag_of_another_origin_records_a_session_without_a_preflight(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile, before=CONSOLE)
    recording_id = recording_id_of(tab)
    count(tab, 3)
    tab.do("click", "#other")
    tab.do("waitForURL", "**/other**")
    wait_for_tag(tab)
    assert recording_id_of(tab) == recording_id
    tab.run("document.getElementById('count').textContent = 3")
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    assert (tab.run("violated"), tab.run("noise")) == ([], [])
    tab.goto("about:blank")
    facts = eventually(shop.facts, bool, PATIENCE_S)

    seen = numbers(stored_events(batches, recording_id))
    assert (seen[:3], seen[-2:]) == ([1, 2, 3], [4, 5])
    assert list(batches(recording_id)) == list(range(len(batches(recording_id))))
    assert {one.method for one in shop.proxy.asked} == {"POST"}
    assert {one.headers["content-type"] for one in shop.proxy.asked} == {"text/plain"}
    assert {one.headers["origin"] for one in shop.proxy.asked} == {shop.url}
    assert not any("authorization" in one.headers for one in shop.proxy.asked)
    assert UUID4.fullmatch(recording_id)
    assert len(shop.created()) == 1
    (fact,) = facts
    assert fact["pages"] == [f"{shop.url}/", f"{shop.url}/other"]
    first, *_, last = (event["timestamp"] for event in stored_events(batches, recording_id))
    assert fact["durationMs"] == last - first


def test_a_tab_that_is_closed_in_the_middle_loses_nothing(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    count(tab, 5)
    tab.close()

    wait_for_numbers(batches, recording_id, 5)
    eventually(shop.facts, bool, PATIENCE_S)
    assert "OPTIONS" not in {one.method for one in shop.proxy.asked}


def test_a_visit_of_a_moment_is_stored_by_the_requests_that_outlive_it(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit(profile)
    wait_for_tag(tab)
    recording_id = recording_id_of(tab)
    eventually(shop.created, bool, PATIENCE_S)
    count(tab, 1)
    tab.close()

    wait_for_numbers(batches, recording_id, 1)
    kinds = [event["type"] for event in stored_events(batches, recording_id)]
    assert kinds.count(2) == 1


def test_a_minute_offline_costs_nothing(shop: Shop, profile: Profile, batches: Batches) -> None:
    tab = shop.visit_recorded(profile, before=MOVABLE_CLOCK)
    recording_id = recording_id_of(tab)
    profile.offline(value=True)
    count(tab, 3)
    tab.run("rrwebRecorder.recording.flush()")
    assert "NotDeliveredError" in tab.run("String(rrwebRecorder.lastError.name)")
    tab.run("void (aheadMs = 60e3)")
    count(tab, 2)
    profile.offline(value=False)

    wait_for_numbers(batches, recording_id, 3)
    tab.run("rrwebRecorder.recording.flush()")
    wait_for_numbers(batches, recording_id, 5)


def test_a_batch_whose_answer_is_lost_is_sent_again_with_the_same_bytes(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    lost: list[Asked] = []

    def lose_once(asked: Asked, go: Go) -> Answer | None:
        answer = go()
        if "/events/" not in asked.path or lost:
            return answer
        lost.append(asked)
        return None

    shop.proxy.fault = lose_once
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    wait_for_numbers(batches, recording_id, 2)
    tab.run("rrwebRecorder.recording.flush()")

    (first,) = lost
    again = [one for one in shop.proxy.asked if one.path == first.path]
    assert [one.body for one in again] == [first.body] * 2
    assert numbers(stored_events(batches, recording_id)) == [1, 2]


def test_a_page_without_compression_is_recorded_as_text(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile, before=NO_COMPRESSION)
    recording_id = recording_id_of(tab)
    count(tab, 1)
    tab.run("rrwebRecorder.recording.flush()")

    wait_for_numbers(batches, recording_id, 1)
    assert batches(recording_id)[0].startswith(b"{")


def test_what_a_closed_tab_could_not_send_comes_with_the_next_visit(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    shop.proxy.fault = down
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    tab.run(HIDE)
    tab.close()
    shop.proxy.fault = None
    assert numbers(stored_events(batches, recording_id)) == []
    other = shop.visit_recorded(profile)

    assert recording_id_of(other) != recording_id
    wait_for_numbers(batches, recording_id, 2)


def test_a_batch_of_before_the_keys_were_exchanged_goes_with_its_own_key(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile)
    recording_id = recording_id_of(tab)
    shop.proxy.fault = down
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")
    shop.proxy.fault = None
    new_key = "wk_bbbbbbbbbbbbbbbbbbbbbbbb"
    shop.write_url = shop.write_url.replace(KEY, new_key)
    tab.goto(f"{shop.url}/other")
    wait_for_tag(tab)

    assert recording_id_of(tab) != recording_id
    wait_for_numbers(batches, recording_id, 2)
    ours = [one.path for one in shop.proxy.asked if recording_id in one.path]
    assert {path.split("/")[2] for path in ours} == {KEY}


@pytest.mark.parametrize("said", ["The key wk_… is retired.", "The origin is not listed."])
def test_a_403_stops_the_page_and_says_why(shop: Shop, profile: Profile, said: str) -> None:
    problem = json.dumps({"title": "Forbidden", "status": 403, "detail": said}).encode()
    shop.proxy.fault = lambda _asked, _go: Answer(403, CORS, problem)
    tab = shop.visit(profile, before=CONSOLE)
    wait_for_tag(tab)
    eventually(lambda: tab.run("String(rrwebRecorder.lastError)"), lambda e: said in e, PATIENCE_S)
    count(tab, 5)
    tab.run("rrwebRecorder.recording.flush()")
    tab.close()

    assert [one.path.count("/") for one in shop.proxy.asked] == [4]


def test_third_party_cookies_may_be_off(shop: Shop, profile: Profile, batches: Batches) -> None:
    tab = profile.tab()
    tab.protocol("Network.enable")
    tab.protocol(
        "Network.setCookieControls",
        enableThirdPartyCookieRestriction=True,
        disableThirdPartyCookieMetadata=True,
        disableThirdPartyCookieHeuristics=True,
    )
    tab.goto(f"{shop.url}/")
    wait_for_tag(tab)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")

    wait_for_numbers(batches, recording_id_of(tab), 2)
    assert not any("cookie" in one.headers for one in shop.proxy.asked)
    assert shop.created()[0]["visitorId"]


def test_a_page_without_local_storage_is_recorded_without_a_visitor(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    tab = shop.visit_recorded(profile, before=NO_LOCAL_STORAGE)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")

    wait_for_numbers(batches, recording_id_of(tab), 2)
    assert "visitorId" not in shop.created()[0]
    assert tab.run("rrwebRecorder.lastError === undefined")


def test_a_page_that_may_store_nothing_at_all_is_recorded(
    shop: Shop, profile: Profile, batches: Batches
) -> None:
    sandboxed = {"Content-Security-Policy": f"{shop.policy}; sandbox allow-scripts"}
    shop.pages["/"] = lambda: shop.page(headers=sandboxed)
    tab = shop.visit_recorded(profile)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")

    wait_for_numbers(batches, recording_id_of(tab), 2)
    assert {one.headers["origin"] for one in shop.proxy.asked} == {"null"}
    assert "visitorId" not in shop.created()[0]


@pytest.mark.parametrize(
    ("visitor", "joined"), [("browser", "browser"), ("tab", "tab"), ("none", "nothing")]
)
def test_a_visitor_is_joined_as_the_tag_says(
    shop: Shop, profile: Profile, visitor: str, joined: str
) -> None:
    shop.attributes["visitor"] = visitor
    for tab in (shop.visit_recorded(profile), shop.visit_recorded(profile)):
        tab.run("rrwebRecorder.recording.stop()")
        tab.goto(f"{shop.url}/other")
        wait_for_tag(tab)
        tab.run("rrwebRecorder.recording.flush()")

    visitors = [one.get("visitorId") for one in shop.created()]
    first, second = {"browser": (0, 0), "tab": (0, 1), "nothing": (None, None)}[joined]
    distinct = list(dict.fromkeys(visitors))
    assert len(visitors) == 4
    assert [None if one is None else distinct.index(one) for one in visitors] == [
        first,
        second,
        first,
        second,
    ]


def consent_page(destination: str) -> str:
    return f"""
window.recording = rrwebRecorder.startRecording({{ {destination},
  consent: new Promise((yes, no) => Object.assign(window, {{ yes, no }})),
  onError: (error) => (window.lastError = String(error)) }});"""


@pytest.mark.parametrize("kind", ["site", "user"])
def test_nothing_is_stored_in_the_browser_while_consent_is_awaited_or_after_it_is_refused(
    shop: Shop, profile: Profile, kind: str
) -> None:
    sub = base64.urlsafe_b64encode(b'{"sub":"me"}').decode().rstrip("=")
    of_user = f"apiUrl: '{shop.proxy.url}', getToken: async () => 'e30.{sub}.sig'"
    of_site = f"writeUrl: '{shop.write_url}'"
    shop.script = consent_page(of_site if kind == "site" else of_user)
    tab = shop.visit(profile)
    count(tab, 2)
    tab.run("recording.flush()")
    assert tab.run(STORED) == NOTHING
    tab.run("no('no, thanks')")
    eventually(lambda: tab.run("window.lastError"), bool, PATIENCE_S)
    count(tab, 2)
    tab.run("recording.flush()")
    tab.run("recording.stop()")
    assert (tab.run(STORED), shop.proxy.asked) == (NOTHING, [])

    tab.goto(f"{shop.url}/other")
    tab.run("yes()")
    tab.run("new Promise((soon) => setTimeout(soon, 0)).then(() => recording.flush())")
    stored = tab.run(STORED)
    assert list(stored["tab"]) == ["rrweb-recorder"]
    assert list(stored["local"]) == (["rrweb-store-visitor"] if kind == "site" else [])
    assert stored["databases"] == ["rrweb-recorder"]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"write-url": ""}, "writeUrl must be"),
        ({"write-url": "https://api.example/recordings"}, "writeUrl must be"),
        ({"write-url": "javascript:alert(1)//w/wk_a"}, "writeUrl must be"),
        ({"visitor": "everyone"}, "visitor must be one of"),
    ],
)
def test_a_tag_with_a_wrong_attribute_records_nothing_and_keeps_quiet(
    shop: Shop, profile: Profile, attributes: dict[str, str], said: str
) -> None:
    shop.attributes |= attributes
    tab = shop.visit(profile, before=CONSOLE)
    error = eventually(
        lambda: tab.run("window.rrwebRecorder && String(rrwebRecorder.lastError)"),
        bool,
        PATIENCE_S,
    )
    count(tab, 2)

    assert said in error
    assert (tab.run("noise"), tab.run("violated"), tab.run(STORED)) == ([], [], NOTHING)
    assert shop.proxy.asked == []


@pytest.mark.parametrize(
    "options",
    [
        "",
        "null",
        "{}",
        "{ writeUrl: 7 }",
        "{ writeUrl: 'https://a.example/w/wk_a', apiUrl: 'https://a.example' }",
        "{ writeUrl: 'https://a.example/w/wk_a', getToken: async () => '' }",
        "{ apiUrl: 'https://a.example' }",
    ],
)
def test_wrong_options_are_one_error_and_no_recording(
    shop: Shop, profile: Profile, options: str
) -> None:
    given = f"...{options or '{}'}, onError: (error) => told.push(String(error))"
    shop.script = f"""window.told = [];
const first = rrwebRecorder.startRecording({options});
const second = rrwebRecorder.startRecording({{ {given} }});
window.ids = [first.recordingId, second.recordingId]; first.resume(); second.pause();
window.ended = Promise.all([first.stop(), second.flush(), second.stop()]);"""
    tab = shop.visit(profile, before=CONSOLE)
    tab.run("ended")

    assert (tab.run("told.length"), tab.run("ids"), tab.run("noise")) == (1, ["", ""], [])
    assert (tab.run(STORED), shop.proxy.asked) == (NOTHING, [])


def test_an_element_of_the_page_cannot_pose_as_the_tag(shop: Shop, profile: Profile) -> None:
    image = f'<img name="currentScript" data-write-url="{shop.write_url}">'
    source = f"{shop.tag_server.url}/page-copy.js"
    shop.pages["/"] = lambda: Answer(
        200, {"Content-Type": "text/html"}, f"{image}<script src='{source}'></script>".encode()
    )
    tab = shop.visit(profile)

    assert tab.run("document.currentScript.tagName") == "IMG"
    assert tab.run("rrwebRecorder.recording === undefined && !rrwebRecorder.lastError")


def test_the_title_is_known_though_the_tag_runs_before_it(
    shop: Shop, profile: Profile
) -> None:
    shop.visit_recorded(profile)

    assert shop.created()[0]["pageTitle"] == "Shop"
