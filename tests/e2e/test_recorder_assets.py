"""What is large: images that are stored apart and for long enough, and batches that go to S3."""

import base64
import json
import random
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer, Asked
from tests.e2e.site import MOVABLE_CLOCK, Site, recording_id_of, with_body

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

RANDOM = random.Random(4711)


def with_image() -> Callable[[], Answer]:
    """Return what answers with a page whose image no other page has."""
    image = base64.b64encode(RANDOM.randbytes(50_000)).decode()
    return lambda: with_body(f'<img src="data:image/png;base64,{image}">')


def methods(site: Site) -> list[str]:
    """Return how assets were asked for and sent, oldest first."""
    asked = [one.method for one in site.proxy.asked if "/assets/" in one.path]
    return [method for method in asked if method != "OPTIONS"]


def references(site: Site, recording_id: str) -> int:
    return json.dumps(site.read(recording_id).events).count("rrweb-asset:")


def test_a_large_image_is_stored_once_a_tab_and_referred_to(site: Site, profile: Profile) -> None:
    site.pages["/"] = with_image()
    tab = site.visit(profile)
    tab.run("recording.flush()")
    tab.do("reload")
    tab.run("recording.flush()")

    assert methods(site) == ["HEAD", "PUT"]
    assert sum(len(batch.body) for batch in site.proxy.batches()) < 10_000
    assert references(site, recording_id_of(tab)) == 2


@pytest.mark.parametrize(("days", "more"), [(7, []), (8, ["POST"])])
def test_an_image_that_would_expire_before_the_recording_is_stored_anew(
    site: Site, profile: Profile, days: int, more: list[str]
) -> None:
    site.pages["/"] = with_image()
    tab = site.visit(profile)
    tab.run("recording.flush()")

    def older(asked: Asked, go: Callable[[], Answer]) -> Answer:
        answer = go()
        if asked.method != "HEAD":
            return answer
        said = {name.lower(): value for name, value in answer.headers.items()}
        stored_at = parsedate_to_datetime(said["date"]) - timedelta(days=days)
        return Answer(200, {**said, "last-modified": format_datetime(stored_at, usegmt=True)})

    site.proxy.fault = older
    with profile.browser.profile() as another:
        later = site.visit(another)
        later.run("recording.flush()")

        assert methods(site) == ["HEAD", "PUT", "HEAD", *more]
        assert references(site, recording_id_of(later)) == 1


def test_a_tab_that_is_open_for_long_asks_again_whether_an_image_is_there(
    site: Site, profile: Profile
) -> None:
    site.pages["/"] = with_image()
    tab = site.visit(profile, before=MOVABLE_CLOCK)
    copy = "aheadMs += {} * 3600e3; document.body.append(document.images[0].cloneNode())"
    tab.run(f"{copy.format(0)}; recording.flush()")
    tab.run(f"{copy.format(11)}; recording.flush()")
    assert methods(site) == ["HEAD", "PUT"]

    tab.run(f"{copy.format(2)}; recording.flush()")

    assert methods(site) == ["HEAD", "PUT", "HEAD"]


def test_a_batch_over_the_stream_s_limit_goes_to_s3(site: Site, profile: Profile) -> None:
    text = RANDOM.randbytes(900_000).hex()
    site.pages["/"] = lambda: with_body(f"<p>{text}</p>")
    tab = site.visit(profile)
    tab.run("recording.flush()")

    recording_id = recording_id_of(tab)
    assert site.read_all(profile, recording_id).events == site.emitted(profile, recording_id)
    assert site.proxy.batches()[0].method == "PUT"
