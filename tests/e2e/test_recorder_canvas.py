"""What the built recorder stores of a canvas; web/site/browser/canvases.test.ts has each kind."""

import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.site import PATIENCE_S, Site, recording_id_of
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

DRAW = """(on => { on.fillStyle = 'red'; on.fillRect(0, 0, 40, 20); })(
  document.body.appendChild(document.createElement('canvas')).getContext('2d'))"""


def test_a_canvas_is_stored_as_a_picture_and_without_an_error(site: Site, profile: Profile) -> None:
    site.options |= {"recordCanvas": True, "flushMs": 200}
    tab = site.visit(profile)
    tab.run(f"{DRAW}; void 0")
    recording_id = recording_id_of(tab)

    events = eventually(
        lambda: [event for event in site.read(recording_id).events if event["type"] == 3],
        lambda read: any(event["data"]["source"] == 9 for event in read),
        PATIENCE_S,
    )

    picture = next(event["data"] for event in events if event["data"]["source"] == 9)
    assert [one["property"] for one in picture["commands"]] == ["clearRect", "drawImage"]
    assert '"type": "image/webp"' in json.dumps(picture)
    assert site.errors(profile) == []
