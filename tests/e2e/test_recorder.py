"""The recorder in Chromium: what a visitor did on a page arrives, each event once."""

import gzip
import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.site import Site, recording_id_of

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
    assert [event["type"] for event in reading.events[:4]] == [0, 4, 2, 1]


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
