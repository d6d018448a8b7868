"""What a page hands over to the next page of its tab, instead of sending it as it goes."""

import gzip
import json

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer, Asked, LocalServer
from tests.e2e.site import (
    DRAWN,
    HTML,
    LATER,
    MOVABLE_CLOCK,
    PATIENCE_S,
    Site,
    assert_each_event_once,
    mark_of,
    recording_id_of,
    wait_until_back,
)
from tests.e2e.user import User, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only, pytest.mark.leaves]

# Due after every timer that the recorder had set before: its longest here takes 2 s.
AFTER_ITS_TIMERS = "new Promise((soon) => setTimeout(soon, 2500))"
PRERENDERED = """window.isShown = false;
Object.defineProperty(document, 'prerendering', { get: () => !isShown });"""
SHOW = "isShown = true; document.dispatchEvent(new Event('prerenderingchange'))"


def visit_and_count(site: Site, profile: Profile, *, before: str = "") -> tuple[Tab, str, int]:
    """Return a tab that has kept what it gathers, its recording, and the number of that batch."""
    site.options["flushMs"] = 600_000
    tab = site.visit(profile, before=before)
    tab.run("recording.flush()")
    recording_id = recording_id_of(tab)
    sent = len(site.emitted(profile, recording_id))
    tab.run("count(5)")
    site.wait_until_kept(tab, profile, sent)
    return tab, recording_id, len(site.proxy.batches())


def go(tab: Tab, url: str) -> None:
    """Leave the page as by a link, and return when the next one is there, and was drawn."""
    tab.run(f"void setTimeout(() => location.assign({url!r}), 0)")
    tab.do("waitForURL", url)
    tab.run(DRAWN)


def events_in(asked: Asked) -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(asked.body).split(b"\n") if line]


def test_a_rest_goes_with_the_first_batch_of_the_next_page(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.flush()")

    assert recording_id_of(tab) == recording_id
    assert_each_event_once(site, profile, recording_id)
    [last] = site.proxy.batches()[number:]
    assert last.sequence == str(number)
    pages = [event for event in events_in(last) if event["type"] == 4]
    assert len(pages) == 1
    assert events_in(last).index(pages[0]) > 0


def test_it_goes_on_over_many_pages_and_the_back_button(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    sent = sum(len(events_in(one)) for one in site.proxy.batches())
    tab.run("addEventListener('pageshow', (e) => { window.cameBack = e.persisted; })")
    for marks, page in enumerate(("one", "two", "three"), 1):
        go(tab, f"{site.url}/{page}")
        tab.run("count(2)")
        site.wait_until_kept(tab, profile, sent - marks)  # each page that went is marked
    tab.run("setTimeout(() => history.go(-3), 0)")
    wait_until_back(tab)
    tab.run("count(3); recording.flush()")

    assert_each_event_once(site, profile, recording_id)
    assert [one.sequence for one in site.proxy.batches()[number:]] == [str(number)]


def test_nothing_waits_for_a_page_of_another_origin(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    with LocalServer(lambda _: Answer(200, HTML, b"<title>Elsewhere</title>")) as elsewhere:
        site.pages["/pay"] = lambda: Answer(302, {"Location": f"{elsewhere.url}/pay"})
        tab.run("void setTimeout(() => location.assign('/pay'), 0)")
        tab.do("waitForURL", f"{elsewhere.url}/pay")

        assert_each_event_once(site, profile, recording_id)
        assert [one.sequence for one in site.proxy.batches()[number:]] == [str(number)]


def test_a_page_that_is_not_recorded_leaves_it_to_a_later_one(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    site.pages["/plain"] = lambda: Answer(200, HTML, b"<title>Plain</title>")
    go(tab, f"{site.url}/plain")
    tab.close()
    assert site.proxy.batches()[number:] == []

    site.visit(profile, "/too-soon").close()
    assert [one for one in site.proxy.batches()[number:] if recording_id in one.path] == []
    site.visit(profile, "/other", before=LATER)

    assert_each_event_once(site, profile, recording_id)


def test_a_later_page_of_the_tab_sends_it_as_it_is(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    site.pages["/plain"] = lambda: Answer(200, HTML, b"<title>Plain</title>")
    go(tab, f"{site.url}/plain")
    tab.do("addInitScript", {"content": LATER})
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.flush()")

    assert_each_event_once(site, profile, recording_id)
    sent = [one.sequence for one in site.proxy.batches()[number:]]
    assert sent == [str(number), str(number + 1)]


@pytest.mark.parametrize(("away_ms", "batches"), [(0, 1), (15_000, 2), (30_000, 2)])
def test_a_page_that_comes_back_from_one_that_is_not_recorded_sends_it(
    site: Site, profile: Profile, away_ms: int, batches: int
) -> None:
    tab, recording_id, number = visit_and_count(site, profile, before=MOVABLE_CLOCK)
    tab.run(f"addEventListener('pagehide', () => {{ aheadMs = {away_ms}; }})")
    tab.run("addEventListener('pageshow', (e) => { window.cameBack = e.persisted; })")
    site.pages["/plain"] = lambda: Answer(200, HTML, b"<title>Plain</title>")
    go(tab, f"{site.url}/plain")
    tab.run("setTimeout(() => history.back(), 0)")
    wait_until_back(tab)
    tab.run("count(3); recording.flush()")

    assert_each_event_once(site, profile, recording_id)
    sent = [one.sequence for one in site.proxy.batches()[number:]]
    assert sent == [str(number + n) for n in range(batches)]


def test_another_user_does_not_go_on_with_it(site: Site, profile: Profile, other: User) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    site.token = other.token
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.flush()")
    assert recording_id_of(tab) != recording_id
    assert [one for one in site.proxy.batches()[number:] if recording_id in one.path] == []

    site.token = None
    site.visit(profile, "/other", before=LATER)
    reading = eventually(
        lambda: site.read(recording_id),
        lambda reading: len(reading.events) > number and reading.missing is None,
        PATIENCE_S,
    )
    emitted = site.emitted(profile, recording_id)
    assert reading.events == emitted[: len(reading.events)]


def test_a_page_that_never_has_a_token_loses_only_what_it_gathers_itself(
    site: Site, profile: Profile
) -> None:
    tab, recording_id, _ = visit_and_count(site, profile)
    before = site.emitted(profile, recording_id)
    tab.do("addInitScript", {"content": "window.newToken = () => new Promise(() => {});"})
    go(tab, f"{site.url}/other")
    tab.run("count(5)")
    tab.run(AFTER_ITS_TIMERS)
    tab.run(AFTER_ITS_TIMERS)  # those that the first ones set
    tab.close()

    site.visit(profile, "/other", before=LATER)
    reading = eventually(
        lambda: site.read(recording_id),
        lambda reading: len(reading.events) >= len(before),
        PATIENCE_S,
    )
    assert reading.events == before


def test_a_page_sends_what_it_gathered_before_it_had_a_token(site: Site, profile: Profile) -> None:
    tab, recording_id, _ = visit_and_count(site, profile)
    wait = "window.newToken = () => new Promise((come) => (window.give = () => come(token)));"
    tab.do("addInitScript", {"content": wait})
    go(tab, f"{site.url}/other")
    tab.run("count(5)")
    tab.run(AFTER_ITS_TIMERS)
    tab.run("window.newToken = undefined; give(); recording.flush()")

    assert recording_id_of(tab) == recording_id
    assert_each_event_once(site, profile, recording_id)


def test_stop_sends_it(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    go(tab, f"{site.url}/other")
    tab.run("recording.stop()")

    assert_each_event_once(site, profile, recording_id)
    assert [one.sequence for one in site.proxy.batches()[number:]] == [str(number)]


def test_each_page_that_goes_is_marked_and_so_is_the_stop(site: Site, profile: Profile) -> None:
    tab, recording_id, _ = visit_and_count(site, profile)
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.stop()")
    marked = eventually(
        lambda: [
            one for one in site.user.read(recording_id).events if one["type"] == 4 or mark_of(one)
        ],
        lambda events: len(events) == 4,
        PATIENCE_S,
    )

    [first, left, second, end] = marked
    assert [first["data"]["href"], second["data"]["href"]] == [f"{site.url}/", f"{site.url}/other"]
    assert [left["data"], end["data"]] == [
        {"tag": "rrweb-store:left", "payload": {}},
        {"tag": "rrweb-store:end", "payload": {"reason": "stopped"}},
    ]
    times = [one["timestamp"] for one in marked]
    assert times == sorted(times)


def test_of_a_burst_as_much_goes_with_the_page_as_can(site: Site, profile: Profile) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    tab.run("list.hidden = true")
    noise = "Array.from({ length: 300 }, () => crypto.randomUUID()).join()"
    tab.run(
        f"(async () => {{ for (let n = 0; n < 20; n++) {{ list.textContent = {noise}; "
        "await new Promise((soon) => setTimeout(soon, 20)); } })()"
    )
    tab.close()

    def sent() -> list[Asked]:
        return [one for one in site.proxy.batches()[number:] if recording_id in one.path]

    [first] = eventually(sent, bool, PATIENCE_S)
    assert 30_000 < len(first.body) <= 60_000
    site.visit(profile, "/other")

    assert_each_event_once(site, profile, recording_id)
    assert [one.sequence for one in sent()][-1] == str(number + 1)


def test_a_page_that_is_prerendered_is_recorded_once_it_is_shown(
    site: Site, profile: Profile
) -> None:
    tab, recording_id, number = visit_and_count(site, profile)
    tab.do("addInitScript", {"content": PRERENDERED})
    go(tab, f"{site.url}/other")
    tab.run("count(5); recording.flush()")
    assert (recording_id_of(tab), site.proxy.batches()[number:]) == ("", [])

    tab.run(SHOW)
    tab.run(DRAWN)
    tab.run("count(5); recording.flush()")
    # The page cannot say yet whose its first events are: they come while it is begun.
    emitted = [*site.emitted(profile, recording_id), *site.emitted(profile, "")]
    reading = eventually(
        lambda: site.read(recording_id),
        lambda reading: len(reading.events) >= len(emitted),
        PATIENCE_S,
    )
    assert recording_id_of(tab) == recording_id
    assert reading.events == sorted(emitted, key=lambda event: event["timestamp"])


def test_pause_holds_a_page_that_is_shown_later(site: Site, profile: Profile) -> None:
    tab = site.visit(profile, before=PRERENDERED)
    tab.run("recording.pause()")
    tab.run(SHOW)
    tab.run("count(5); recording.flush()")
    assert site.proxy.asked == []

    tab.run("recording.resume(); recording.flush()")
    assert site.proxy.batches()


@pytest.mark.parametrize(
    "calls",
    [
        "recording.pause(); recording.resume(); recording.flush(); recording.stop()",
        "recording.stop(); recording.resume()",
        "recording.pause(); recording.stop(); recording.resume()",
    ],
)
def test_a_recording_that_is_stopped_before_the_page_is_shown_never_starts(
    site: Site, profile: Profile, calls: str
) -> None:
    tab = site.visit(profile, before=PRERENDERED)
    tab.run(calls)
    tab.run(SHOW)
    tab.run("count(5); recording.flush()")

    assert site.proxy.asked == []
