"""An expired recording is gone for every reader before DynamoDB deletes it; a new one is there."""

import httpx
import pytest

from tests.e2e.stack import Stack
from tests.e2e.store import Store
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e


def listed(user: User) -> list[str]:
    return [one["recordingId"] for page in user.listed(limit="100") for one in page]


def scanned(stack: Stack, recording_id: str) -> list[str]:
    """Return the titles that an operator sees under an id."""
    titles: list[str] = []
    cursor = ""
    while True:
        url = str(
            httpx.URL(
                f"{stack.api_url}/operator/recordings", params={"limit": "100", "cursor": cursor}
            )
        )
        page = httpx.get(url, headers=stack.signature(url)).raise_for_status().json()
        titles += [
            one.get("pageTitle", "")
            for one in page["recordings"]
            if one["recordingId"] == recording_id
        ]
        cursor = page.get("nextCursor", "")
        if not cursor:
            return titles


def test_a_new_recording_is_found_at_once(owner: User) -> None:
    """It would fail now and then on AWS if a read were not consistent."""
    found: list[tuple[int, int, bool]] = []

    for _ in range(20):
        recording_id = new_id()
        created = owner.create(recording_id).status_code
        newest = owner.get("/recordings", limit="1").json()["recordings"]
        found.append(
            (
                created,
                owner.get(f"/recordings/{recording_id}").status_code,
                [one["recordingId"] for one in newest] == [recording_id],
            )
        )

    assert found == [(201, 200, True)] * 20


@pytest.mark.sandbox_only
def test_an_expired_recording_is_gone_from_the_table_for_every_reader(
    owner: User, stack: Stack, store: Store, recording_id: str
) -> None:
    owner.create(recording_id, pageTitle="old")
    assert recording_id in listed(owner)
    assert scanned(stack, recording_id) == ["old"]

    with store.expired(owner, recording_id):
        assert owner.get(f"/recordings/{recording_id}").status_code == 404
        assert recording_id not in listed(owner)
        assert scanned(stack, recording_id) == []


@pytest.mark.sandbox_only
def test_the_id_of_an_expired_recording_is_free_again_once(
    owner: User, store: Store, recording_id: str
) -> None:
    owner.create(recording_id, pageTitle="old", pageUrl="https://example.com/old")

    with store.expired(owner, recording_id):
        created = owner.create(recording_id, pageTitle="new")
        again = owner.create(recording_id, pageTitle="newer")

        assert (created.status_code, again.status_code) == (201, 409)
        found = owner.get(f"/recordings/{recording_id}").json()
        assert found == {**found, **created.json(), "pageTitle": "new"}
        assert "pageUrl" not in found
        assert listed(owner).count(recording_id) == 1


@pytest.mark.sandbox_only
def test_another_user_taking_the_same_id_leaves_an_expired_recording_expired(
    owner: User, other: User, store: Store, recording_id: str
) -> None:
    owner.create(recording_id, pageTitle="old")

    with store.expired(owner, recording_id):
        created = other.create(recording_id, pageTitle="theirs")

        assert created.status_code == 201
        assert owner.get(f"/recordings/{recording_id}").status_code == 404
