"""The stage's rate limit, and more recordings at once than Firehose keeps open."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.server import Sandbox
from tests.e2e.stack import SPEED, user_of
from tests.e2e.store import Item, Store, raw_envelope, recording_prefix
from tests.e2e.user import User, eventually, ndjson, new_id
from tests.engine import REPLAY_SITE

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# Far below what any machine sends.
RATE = 1
BURST = 10
ACTIVE_PARTITIONS = 5
RECORDINGS = 12

Lying = dict[str, list[tuple[str, Item]]]
"""By recording: the key of each object that holds an envelope of it, and the envelope."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Return a sandbox of few requests a second and few partitions."""
    with Sandbox(
        tmp_path_factory.mktemp("small"),
        speed=SPEED,
        config={
            "rrweb-store:throttleRate": str(RATE),
            "rrweb-store:throttleBurst": str(BURST),
            **REPLAY_SITE,
        },
        active_partition_limit=ACTIVE_PARTITIONS,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def crowd(small: Sandbox) -> User:
    return user_of(small, "crowd")


def test_over_the_stages_rate_requests_are_told_to_come_back_and_do_nothing(
    small: Sandbox, crowd: User
) -> None:
    ids = [new_id() for _ in range(100)]

    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        answers = dict(zip(ids, threads.map(crowd.create, ids), strict=True))
    took_s = time.monotonic() - began

    # That a 429 has Retry-After and its CORS header is checked with every answer.
    created = {id_ for id_, answer in answers.items() if answer.status_code == 201}
    assert {answer.status_code for answer in answers.values()} == {201, 429}
    assert BURST <= len(created) <= BURST + RATE * took_s + 1
    assert set(Store(small).items(crowd.sub)) == {f"{crowd.sub}/{id_}" for id_ in created}


def test_a_throttled_client_is_served_after_a_while(crowd: User) -> None:
    eventually(
        lambda: crowd.get("/recordings").status_code, lambda status: status == 200, crowd.delivery_s
    )


def appended(user: User, recording_id: str) -> None:
    """Append one event that names its recording, as often as the stage's limit asks for."""
    eventually(
        lambda: user.append(recording_id, ndjson({"of": recording_id})),
        lambda answer: answer.status_code == 202,
        20,
    )


def places(store: Store, ids: list[str]) -> Lying:
    """Return where each recording's envelopes lie, and the envelopes."""
    found: Lying = {recording_id: [] for recording_id in ids}
    for key in store.objects("rrweb/"):
        for envelope in map(raw_envelope, store.lines(key)):
            found[envelope["recordingId"]].append((key, envelope))
    return found


@pytest.fixture(scope="module")
def crowded(small: Sandbox, crowd: User) -> Lying:
    """Return where the envelopes lie of more recordings at once than Firehose keeps open."""
    ids = [new_id() for _ in range(RECORDINGS)]
    small.delivery_stream.faults.pause_reading = True
    for recording_id in ids:
        appended(crowd, recording_id)
    small.delivery_stream.faults.pause_reading = False
    return eventually(
        lambda: places(Store(small), ids), lambda found: all(found.values()), crowd.delivery_s
    )


def failed(crowded: Lying) -> list[str]:
    """Return the recordings of which an envelope lies under the error prefix."""
    return [id_ for id_, lying in crowded.items() if "rrweb/failed/" in lying[0][0]]


def test_every_batch_of_too_many_recordings_is_kept_once_as_it_was_sent(
    crowded: Lying,
) -> None:
    kept = {
        id_: [base64.b64decode(envelope["events"]) for _, envelope in lying]
        for id_, lying in crowded.items()
    }

    assert kept == {id_: [ndjson({"of": id_})] for id_ in crowded}


def test_the_surplus_of_recordings_is_under_the_error_prefix_and_no_other(
    crowd: User, crowded: Lying
) -> None:
    surplus = failed(crowded)

    own = {id_: recording_prefix(crowd, id_) for id_ in crowded if id_ not in surplus}
    assert (len(own), len(surplus)) == (ACTIVE_PARTITIONS, RECORDINGS - ACTIVE_PARTITIONS)
    assert [id_ for id_, prefix in own.items() if not crowded[id_][0][0].startswith(prefix)] == []


def test_the_surplus_finds_its_place_when_it_is_put_on_the_stream_again(
    small: Sandbox, crowd: User, crowded: Lying
) -> None:
    store, recording_id = Store(small), failed(crowded)[0]
    _, envelope = crowded[recording_id][0]

    small.cloud.client("kinesis").put_record(
        StreamName=small.exports["streamName"],
        PartitionKey=f"{envelope['userId']}/{recording_id}",
        Data=json.dumps(envelope).encode(),
    )

    eventually(
        lambda: store.delivered(crowd, recording_id),
        lambda events: events == [{"of": recording_id}],
        crowd.delivery_s,
    )
