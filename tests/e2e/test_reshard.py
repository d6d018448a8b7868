"""A stream that is split, and merged again, while a recording goes on.

The sandbox's Kinesis deletes a shard that is split, where AWS keeps it, closed, as long as its
records. So the parent's have been delivered before; how a closed one is read, tests/handlers shows.
"""

from typing import Any

import pytest

from sandbox.cloud import Cloud
from sandbox.server import Sandbox
from tests.e2e.store import Store
from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


@pytest.fixture
def stream(sandbox: Sandbox) -> str:
    return sandbox.exports["streamName"]


def test_each_event_is_read_once_while_the_stream_is_split_and_merged(
    owner: User, sandbox: Sandbox, store: Store, stream: str
) -> None:
    recording_id = owner.given_recording()
    watched = Watched(owner, store, recording_id)

    watched.append()
    halve(sandbox.cloud, stream)
    watched.append()
    unite(sandbox.cloud, stream)
    watched.append()

    assert watched.seen == watched.sent
    assert owner.read(recording_id).events == watched.sent


class Watched:
    """A recording, and a viewer who polls it."""

    def __init__(self, user: User, store: Store, recording_id: str) -> None:
        self.sent: list[Event] = []
        self.seen: list[Event] = []
        self._user, self._store, self._recording_id = user, store, recording_id
        self._cursor = ""

    def append(self) -> None:
        """Append three batches, see them before they are delivered, and wait until they are."""
        for _ in range(3):
            number = len(self.sent)
            event = {"n": number, "timestamp": 1_700_000_000_000 + number}
            answer = self._user.append(self._recording_id, ndjson(event), sequence=number)
            assert answer.status_code == 202
            self.sent.append(event)
        eventually(self._polled, lambda seen: len(seen) >= len(self.sent), 30)
        eventually(
            lambda: self._store.delivered(self._user, self._recording_id),
            lambda stored: len(stored) == len(self.sent),
            self._user.delivery_s,
        )

    def _polled(self) -> list[Event]:
        page = self._user.read(self._recording_id, cursor=self._cursor)
        self._cursor = page.cursor
        self.seen += page.events
        assert self.seen == self.sent[: len(self.seen)]
        return self.seen


def halve(cloud: Cloud, stream: str) -> None:
    """Split the only shard of the stream."""
    (shard,) = shards(cloud, stream)
    cloud.client("kinesis").split_shard(
        StreamName=stream, ShardToSplit=shard["ShardId"], NewStartingHashKey=str(2**127)
    )


def unite(cloud: Cloud, stream: str) -> None:
    """Merge the two shards of the stream."""
    one, other = shards(cloud, stream)
    cloud.client("kinesis").merge_shards(
        StreamName=stream, ShardToMerge=one["ShardId"], AdjacentShardToMerge=other["ShardId"]
    )


def shards(cloud: Cloud, stream: str) -> list[dict[str, Any]]:
    return cloud.client("kinesis").list_shards(StreamName=stream)["Shards"]
