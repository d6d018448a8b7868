"""A page with five megabytes of images and fonts, recorded by rrweb and stored with them apart."""

from pathlib import Path

import pytest

from sandbox.heavy_page import record_visits, restore_visit, store_visit
from tests.e2e.store import Store
from tests.e2e.user import User, eventually, new_id

pytestmark = pytest.mark.e2e

IMAGES_AND_FONTS = 12
"""Nine photographs and three fonts."""


def test_a_heavy_page_comes_back_byte_for_byte_and_its_assets_are_stored_once(
    owner: User, store: Store, tmp_path: Path
):
    visits = record_visits(tmp_path, 2)
    assert all(visit.stat().st_size > 5_000_000 for visit in visits)
    user, out = owner, tmp_path / "restored.ndjson"
    assert user.token
    assets = f"rrweb/assets/userId={user.sub}/"
    before = store.objects(assets)
    sent: list[dict[str, int]] = []
    for visit in visits:
        recording_id = new_id()
        sent.append(store_visit(user.api_url, user.token, visit, recording_id))
        events = len(visit.read_bytes().splitlines())
        eventually(
            lambda: len(user.read(recording_id).events),  # noqa: B023 - called at once
            lambda read, events=events: read == events,
            user.delivery_s,
        )
        restored = restore_visit(user.api_url, user.token, recording_id, out)
        assert restored == {"events": events, "skipped": 0, "missing": []}
        assert out.read_bytes() == visit.read_bytes()
    assert len(store.objects(assets)) == len(before) + IMAGES_AND_FONTS
    # The second asks for each, and sends none.
    assert sent[1]["requests"] == sent[0]["requests"] - IMAGES_AND_FONTS
    assert sent[1]["bytes"] < sent[0]["bytes"] / 20
