"""The pictures of a page, which are stored with its recording on a whole stack."""

import hashlib

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer, down
from tests.e2e.shop import Bucket, Shop
from tests.e2e.site import PATIENCE_S, Site, recording_id_of, with_body
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect id='4711'/></svg>"
SHA256 = hashlib.sha256(DRAWING).hexdigest()
TYPE = "image/svg+xml"
CUSTOM = 5


def drawing() -> Answer:
    return Answer(200, {"Content-Type": TYPE, "Cache-Control": "max-age=60"}, DRAWING)


def stored(events: list[Event]) -> dict[str, list[str]]:
    """Return what the events say of addresses."""
    said = [event["data"] for event in events if event["type"] == CUSTOM]
    return {
        address: asset
        for data in said
        if data["tag"] == "rrweb-store:resources"
        for address, asset in data["payload"]["stored"].items()
    }


def test_a_user_reads_the_bytes_of_a_picture_by_the_digest_in_the_events(
    site: Site, profile: Profile
) -> None:
    site.pages["/a.svg"] = drawing
    site.pages["/"] = lambda: with_body('<img src="/a.svg">')
    tab = site.visit(profile)
    asset = eventually(
        lambda: site.user.get(f"/assets/{SHA256}"),
        lambda answer: answer.status_code == 200,
        PATIENCE_S,
    )
    events = eventually(
        lambda: site.read(recording_id_of(tab)).events,
        lambda found: bool(stored(found)),
        PATIENCE_S,
    )

    assert stored(events) == {f"{site.url}/a.svg": [SHA256, TYPE]}
    assert asset.content == DRAWING
    assert site.errors(profile) == []


def test_a_site_has_the_picture_once_for_all_its_visitors(
    shop: Shop, profile: Profile, bucket: Bucket
) -> None:
    shop.script = f"""window.recording = rrwebRecorder.startRecording({{
      writeUrl: '{shop.write_url}', privacy: 'inputs', flushMs: 200 }});"""
    shop.pages["/a.svg"] = drawing
    shop.pages["/"] = lambda: shop.page('<img src="/a.svg">')
    key = f"rrweb/assets/siteKey={shop.key}/{SHA256}"
    tab = shop.visit(profile)
    eventually(lambda: bucket.keys(key), bool, PATIENCE_S)
    with profile.browser.profile() as another:
        later = shop.visit(another)
        events = eventually(
            lambda: bucket.events(recording_id_of(later)),
            lambda found: bool(stored(found)),
            PATIENCE_S,
        )
        tab.close()

    assert stored(events) == {f"{shop.url}/a.svg": [SHA256, TYPE]}
    assert bucket.read(key) == DRAWING
    assert [one.method for one in shop.proxy.asked if "/assets/" in one.path].count("POST") == 1


def test_what_is_known_of_a_picture_is_told_again_if_it_did_not_fit_into_memory(
    site: Site, profile: Profile
) -> None:
    site.pages["/a.svg"] = drawing
    site.options["maxWaitingBytes"] = 30_000
    tab = site.visit(profile)
    recording_id = recording_id_of(tab)
    tab.run("recording.flush()")
    site.proxy.fault = down
    for _ in range(30):
        tab.run("list.innerHTML = '<li>row</li>'.repeat(100)")
    tab.run("void list.insertAdjacentHTML('afterend', '<img src=/a.svg>')")
    eventually(lambda: stored(site.emitted(profile, recording_id)), bool, PATIENCE_S)
    site.proxy.fault = None

    found = eventually(lambda: stored(site.read(recording_id).events), bool, PATIENCE_S)

    assert found == {f"{site.url}/a.svg": [SHA256, TYPE]}
