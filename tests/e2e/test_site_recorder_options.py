"""A tag or options that are wrong record nothing, and break nothing."""

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer
from tests.e2e.shop import CONSOLE, STORED, Shop, count
from tests.e2e.site import PATIENCE_S
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

NOTHING: dict[str, object] = {"local": {}, "tab": {}, "databases": []}


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
    error: str = eventually(
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


def test_the_title_is_known_though_the_tag_runs_before_it(shop: Shop, profile: Profile) -> None:
    shop.visit_recorded(profile)

    assert shop.created()[0]["pageTitle"] == "Shop"
