"""The recorder in Chromium: what a visitor did on a page arrives, each event once."""

import gzip
import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.site import Site, recording_id_of, with_body

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


def test_every_event_of_a_visit_arrives_once_and_in_order(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.do("fill", "#name", "somebody")
    tab.run("count(30)")
    tab.run("recording.flush()")
    tab.run("count(30)")
    tab.run("recording.flush()")

    recording_id = recording_id_of(tab)
    reading = site.read_all(profile, recording_id)
    assert reading.events == site.emitted(profile, recording_id)
    assert (reading.skipped, reading.missing, site.errors(profile)) == (0, None, [])
    assert [event["type"] for event in reading.events[:3]] == [0, 4, 2]


def test_batches_are_gzip_and_numbered_from_0(site: Site, profile: Profile) -> None:
    tab = site.visit(profile)
    tab.run("recording.flush().then(() => (count(), recording.flush()))")

    batches = site.proxy.batches()
    assert [batch.sequence for batch in batches] == [str(n) for n in range(len(batches))]
    assert {batch.headers["content-type"] for batch in batches} == {"application/gzip"}
    events = [json.loads(line) for one in batches for line in gzip.decompress(one.body).split()]
    assert events == site.emitted(profile, recording_id_of(tab))


def test_the_recording_is_listed_with_what_the_page_is(site: Site, profile: Profile) -> None:
    site.options["apiUrl"] = f"{site.proxy.url}/"  # as people may write it
    tab = site.visit(profile)
    tab.run("recording.flush()")

    about = site.user.get(f"/recordings/{recording_id_of(tab)}").json()
    assert about["pageUrl"] == f"{site.url}/"
    assert about["pageTitle"] == "Counter"
    assert about["viewport"] == {"width": 1280, "height": 720}
    assert "Chrome" in about["userAgent"]


TITLES = {
    "it ends in half a character": ("x \ud83d", "x \ufffd"),
    "it begins with half a character": ("\ude80 x", "\ufffd x"),
    "it would be cut in a character": (f"{'y' * 1023}🚢", "y" * 1023),
    "it is as long as it may be": (f"{'y' * 1022}🚢", f"{'y' * 1022}🚢"),
}


@pytest.mark.parametrize(("title", "listed"), TITLES.values(), ids=TITLES)
def test_a_page_is_listed_and_plays_whatever_its_title_is(
    site: Site, profile: Profile, title: str, listed: str
) -> None:
    page = f"<script>document.title = {json.dumps(title)};</script>"
    site.pages["/"] = lambda: with_body(page)
    tab = site.visit(profile)
    tab.run(f"list.title = {json.dumps(title)}; recording.flush()")

    recording_id = recording_id_of(tab)
    reading = site.read_all(profile, recording_id)
    assert site.user.get(f"/recordings/{recording_id}").json()["pageTitle"] == listed
    assert (reading.skipped, reading.missing, site.errors(profile)) == (0, None, [])
    [changed] = [one for one in reading.events if one["data"].get("attributes")]
    # What rrweb saw, to the half character: JSON can say it.
    assert changed["data"]["attributes"][0]["attributes"] == {"title": title}
