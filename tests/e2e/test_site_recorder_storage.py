"""What a site's recorder stores in the browser, and how it works where it may store nothing."""

import base64

import pytest

from tests.e2e.browser import Profile
from tests.e2e.shop import STORED, Bucket, Shop, count, recording_id_of, wait_for_tag
from tests.e2e.site import PATIENCE_S
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

FORBIDDEN = "get() { throw new DOMException('The operation is insecure.', 'SecurityError') }"
NO_LOCAL_STORAGE = f"Object.defineProperty(window, 'localStorage', {{ {FORBIDDEN} }});"
NOTHING: dict[str, object] = {"local": {}, "tab": {}, "databases": []}


def test_third_party_cookies_may_be_off(shop: Shop, profile: Profile, bucket: Bucket) -> None:
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

    bucket.wait_for_numbers(recording_id_of(tab), 2)
    assert not any("cookie" in one.headers for one in shop.proxy.asked)
    assert shop.created()[0]["visitorId"]


def test_a_page_without_local_storage_is_recorded_without_a_visitor(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    tab = shop.visit_recorded(profile, before=NO_LOCAL_STORAGE)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")

    bucket.wait_for_numbers(recording_id_of(tab), 2)
    assert "visitorId" not in shop.created()[0]
    assert tab.run("rrwebRecorder.lastError === undefined")


def test_a_page_that_may_store_nothing_at_all_is_recorded(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    sandboxed = {"Content-Security-Policy": f"{shop.policy}; sandbox allow-scripts"}
    shop.pages["/"] = lambda: shop.page(headers=sandboxed)
    tab = shop.visit_recorded(profile)
    count(tab, 2)
    tab.run("rrwebRecorder.recording.flush()")

    bucket.wait_for_numbers(recording_id_of(tab), 2)
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
