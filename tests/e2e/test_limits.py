"""The stage's rate limit, and more recordings at once than Firehose keeps open."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.server import Sandbox
from tests.e2e.conftest import SPEED
from tests.e2e.stack import user_of
from tests.e2e.store import Store, raw_envelope
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

RATE = 10
BURST = 10
ACTIVE_PARTITIONS = 5
RECORDINGS = 12


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Return a sandbox of few requests a second and few partitions."""
    with Sandbox(
        tmp_path_factory.mktemp("small"),
        speed=SPEED,
        config={"rrweb-store:throttleRate": str(RATE), "rrweb-store:throttleBurst": str(BURST)},
        active_partition_limit=ACTIVE_PARTITIONS,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def crowd(small: Sandbox) -> User:
    return user_of(small, "crowd")


def test_over_the_stages_rate_requests_are_told_to_come_back(crowd: User) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(crowd.get, ["/recordings"] * 60))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    assert statuses[200] >= BURST
    # CORS and the problem are checked with every answer; this is what a browser waits for.
    assert all(
        int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status_code == 429
    )


def test_the_surplus_of_recordings_is_under_the_error_prefix_and_in_nobody_elses(
    small: Sandbox, crowd: User
) -> None:
    store = Store(small)
    small.delivery_stream.faults.pause_reading = True
    ids = [new_id() for _ in range(RECORDINGS)]
    for recording_id in ids:
        eventually(
            lambda id_=recording_id: crowd.append(id_, ndjson({"of": id_, "timestamp": 1})),
            lambda answer: answer.status_code == 202,
            20,
        )
    small.delivery_stream.faults.pause_reading = False

    def stored() -> dict[str, list[str]]:
        """Return the keys under which each recording's envelopes lie."""
        found: dict[str, list[str]] = {recording_id: [] for recording_id in ids}
        for key in store.objects("rrweb/"):
            for line in store.lines(key):
                envelope = raw_envelope(line)
                if envelope["recordingId"] in found:
                    found[envelope["recordingId"]].append(key)
        return found

    places = eventually(stored, lambda found: all(found.values()), crowd.delivery_s)

    placed = {one for one, keys in places.items() if f"/sessionId={one}/stream/" in keys[0]}
    failed = {one for one, keys in places.items() if keys[0].startswith("rrweb/failed/")}
    assert (len(placed), len(failed)) == (ACTIVE_PARTITIONS, RECORDINGS - ACTIVE_PARTITIONS)
    assert all(len(keys) == 1 for keys in places.values())
