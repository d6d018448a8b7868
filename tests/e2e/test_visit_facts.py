"""What a visitor's browser counts and the page tells of a visit, by a page that goes wrong."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer
from tests.e2e.shop import Bucket, Shop
from tests.e2e.site import HTML, PATIENCE_S, Site
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

CLICK, ERROR = "rrweb-store:click", "rrweb-store:error"

# Every control stands at a place of its own, so that clicks on two of them are no row.
FAULTS = """<style>body > * { display: block; height: 40px; margin: 8px 0 }</style>
<button id="dead">nothing</button>
<button id="works" onclick="this.textContent += '.'">works</button>
<button id="asks" onclick="fetch('/ok')">asks</button>
<button id="off" disabled>off</button>
<a id="saves" href="/other" download="x" onclick="event.preventDefault()">saves</a>
<a id="jumps" href="#top">jumps</a>
<p id="text">a text</p><p id="plain">not to be clicked</p>
<input id="often" type="number">
<button id="throws">throws</button><button id="rejects">rejects</button>
<button id="fails">fails</button>
<script>
dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop limit exceeded' }));
const faults = {
  throws() { throw new Error('planted'); },
  rejects() { Promise.reject(new Error('planted')); },
  fails() { fetch('/broken'); },
};
for (const id in faults) document.getElementById(id).onclick = ({ target }) => {
  target.textContent += '.'; // an answer
  faults[id]();
};
</script>"""


@pytest.fixture
def faulty(shop: Shop) -> Shop:
    """Return a shop of a page whose scripts may run, with what goes wrong on it."""
    shop.script = (
        f"window.recording = rrwebRecorder.startRecording({{ writeUrl: {shop.write_url!r}, "
        "privacy: 'inputs', replayUrl: 'https://replay.example/sites/shop' });"
    )
    shop.pages["/"] = lambda: shop.page(FAULTS)
    shop.pages["/ok"] = lambda: Answer(200, HTML, b"ok")
    shop.pages["/broken"] = lambda: Answer(500, HTML, b"broken")
    return shop


def visit(shop: Shop, profile: Profile) -> Tab:
    tab = shop.visit(profile)
    eventually(lambda: tab.run("window.recording?.recordingId ?? ''"), bool, PATIENCE_S)
    tab.run("recording.flush()")
    return tab


def told(shop: Shop, tab: Tab) -> Mapping[str, Any]:
    """Return the facts that go as the page is left."""
    before = len(shop.facts())
    tab.goto("about:blank")
    return eventually(shop.facts, lambda facts: len(facts) > before, PATIENCE_S)[-1]


def counts(facts: Mapping[str, Any]) -> dict[str, Any]:
    names = ("clicks", "rageClicks", "deadClicks", "errors", "failedRequests")
    return {name: facts[name] for name in names if name in facts}


def wait_for_an_answer(tab: Tab) -> None:
    """Wait for the time after which a click without one is dead."""
    tab.run("new Promise((soon) => setTimeout(soon, 3_500))")


def click(tab: Tab, selector: str, times: int = 1) -> None:
    for _ in range(times):
        tab.do("click", selector)


def test_a_visit_without_a_fault_has_none(faulty: Shop, profile: Profile) -> None:
    tab = visit(faulty, profile)
    for selector in ("#works", "#asks", "#jumps", "#saves", "#plain"):
        click(tab, selector)
        wait_for_an_answer(tab)

    facts = told(faulty, tab)
    assert counts(facts) == {"clicks": 5}
    assert (facts["browser"], facts["device"]) == ("Chrome", "desktop")
    assert facts["language"].startswith("en")


def test_a_page_that_goes_with_nothing_to_send_says_so_by_its_facts_alone(
    faulty: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(faulty, profile)
    recording_id = tab.run("recording.recordingId")
    tab.run("recording.flush()")
    before = bucket.batches(recording_id)
    facts = told(faulty, tab)

    assert facts["leftAfterMs"] == facts["durationMs"]
    assert bucket.batches(recording_id).keys() == before.keys()


def test_a_page_that_stays_has_not_been_left(faulty: Shop, profile: Profile) -> None:
    tab = visit(faulty, profile)
    tab.run("recording.tag('release', '1')")
    facts = eventually(faulty.facts, bool, PATIENCE_S)[-1]
    assert "leftAfterMs" not in facts


def test_each_kind_of_fault_is_counted_and_told(
    faulty: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(faulty, profile)
    recording_id = tab.run("recording.recordingId")
    click(tab, "#dead")
    wait_for_an_answer(tab)
    click(tab, "#throws")
    click(tab, "#rejects")
    click(tab, "#fails")
    click(tab, "#works", 5)

    assert counts(told(faulty, tab)) == {
        "clicks": 9,
        "deadClicks": 1,
        "errors": 2,
        "failedRequests": 1,
        "rageClicks": 1,
    }
    custom = eventually(
        lambda: [one["data"] for one in bucket.events(recording_id) if one["type"] == 5],
        lambda told: [one["tag"] for one in told].count("rrweb-store:click") == 2,
        PATIENCE_S,
    )
    of = {tag: [one["payload"] for one in custom if one["tag"] == tag] for tag in (CLICK, ERROR)}
    assert [one["kind"] for one in of[CLICK]] == ["dead", "rage"]
    assert all(one["id"] > 0 for one in of[CLICK])
    assert [(one["kind"], one["message"]) for one in of[ERROR]] == [
        ("error", "Uncaught Error: planted"),
        ("unhandledrejection", "Error: planted"),
    ]


def test_clicks_that_are_meant_in_a_row_are_no_rage(faulty: Shop, profile: Profile) -> None:
    tab = visit(faulty, profile)
    click(tab, "#often", 4)
    tab.do("click", "#text", {"clickCount": 3})  # selects the paragraph

    assert "rageClicks" not in counts(told(faulty, tab))


def test_what_the_page_tells_is_stored_and_found_by_its_facts(
    faulty: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = visit(faulty, profile)
    recording_id = tab.run("recording.recordingId")
    tab.run("recording.identify('ada@example.com', { plan: 'pro' })")
    tab.run("recording.tag('release', '1'); recording.tag('release', '2:b')")
    tab.run("recording.track('ordered', { sum: 3, note: '\"$#\\n😀' }); recording.track('ordered')")
    tab.run("recording.track('x'.repeat(9000))")  # too large, and not told
    tab.run("recording.flush()")
    url = tab.run("recording.getReplayUrl()")
    facts = told(faulty, tab)

    assert (facts["user"], facts["tags"], facts["events"]) == (
        "ada@example.com",
        ["release:2:b"],
        ["ordered"],
    )
    custom = [event["data"] for event in bucket.events(recording_id) if event["type"] == 5]
    assert [data["payload"] for data in custom if data["tag"] == "rrweb-store:user"] == [
        {"user": "ada@example.com", "traits": {"plan": "pro"}}
    ]
    assert [data["payload"] for data in custom if data["tag"] == "rrweb-store:event"] == [
        {"name": "ordered", "properties": {"sum": 3, "note": '"$#\n😀'}},
        {"name": "ordered"},
    ]
    start, _, at = url.partition("?t=")
    assert start == f"https://replay.example/sites/shop/recordings/{recording_id}"
    assert float(at) >= 0


def test_the_pages_of_a_tab_add_up(faulty: Shop, profile: Profile) -> None:
    tab = visit(faulty, profile)
    click(tab, "#throws")
    tab.goto(f"{faulty.url}/?again")
    eventually(lambda: tab.run("window.recording?.recordingId ?? ''"), bool, PATIENCE_S)
    click(tab, "#throws")

    assert counts(told(faulty, tab))["errors"] == 2


def test_facts_of_a_fault_go_before_the_page_does_and_at_most_once_a_minute(
    faulty: Shop, profile: Profile
) -> None:
    tab = visit(faulty, profile)
    click(tab, "#throws")
    first = eventually(faulty.facts, bool, PATIENCE_S)
    click(tab, "#throws")
    last = told(faulty, tab)

    assert [counts(facts)["errors"] for facts in (*first, last)] == [1, 2]
    assert len(faulty.facts()) == 2


def test_facts_of_a_user_are_stored_once_there_is_something_to_tell(
    site: Site, profile: Profile, web_build: None
) -> None:
    tab = site.visit(profile)
    recording_id = tab.run("recording.recordingId")
    tab.run("recording.flush()")
    plain = [one.path for one in site.proxy.asked if one.path.endswith("/facts")]
    tab.run("recording.tag('plan', 'pro')")
    tab.run("setTimeout(() => { throw new Error('planted'); })")

    stored = eventually(
        lambda: site.user.get(f"/recordings/{recording_id}").json(),
        lambda found: found.get("errors") == 1,
        PATIENCE_S,
    )
    assert plain == []
    assert (stored["tags"], stored["browser"]) == (["plan:pro"], "Chrome")
