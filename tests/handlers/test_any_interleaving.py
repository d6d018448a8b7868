"""Whatever happens in whatever order, all pages together are the events that were sent."""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.answer_body import Body, GzipBody, PlainBody
from handlers.cursor import cursor_from, position_from
from handlers.position import START, Position, Ranges, gaps_of, with_sequences
from handlers.recording_page import GAP_MS
from tests.handlers.fakes import Cloud
from tests.handlers.given import RECORDING_ID, envelope, ndjson

Event = dict[str, Any]

MAX_PAGES = 1000
MIN_GZIP_BYTES = 400
"""Much less would hold nothing but what gzip itself needs."""


@dataclass
class Reader:
    """Somebody who polls with the cursor."""

    cloud: Cloud
    body_bytes: int
    gzipped: bool
    warm: bool
    position: Position = START
    ndjson: str = ""
    missing: Ranges = ()

    @property
    def events(self) -> list[Event]:
        return [json.loads(line) for line in self.ndjson.splitlines()]

    def poll(self) -> None:
        """Read all pages that there are now."""
        for _ in range(MAX_PAGES):
            page = self.cloud.reader(warm=self.warm).page(self.position, self.body())
            self.ndjson += (
                gzip.decompress(base64.b64decode(page.body)).decode() if self.gzipped else page.body
            )
            self.missing = page.missing
            self.position = position_from(cursor_from(page.position, RECORDING_ID), RECORDING_ID)
            if not page.has_more:
                return
        raise AssertionError("it never ends")

    def body(self) -> Body:
        if self.gzipped:
            return GzipBody(max(self.body_bytes, MIN_GZIP_BYTES))
        return PlainBody(self.body_bytes)


@dataclass
class Client:
    """A recorder: numbers its batches, or not; keeps what it sent."""

    cloud: Cloud
    numbered: bool
    stamped: bool
    """Whether its events have a timestamp, as rrweb's do."""
    sent: list[Event] = field(default_factory=list[Event])
    unsent: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    envelopes: list[bytes] = field(default_factory=list[bytes])
    lost: set[int] = field(default_factory=set[int])
    batches: int = 0

    def make(self, count: int, size: int) -> None:
        """Make a batch of new events of that size."""
        new: list[Event] = [
            {"n": f"{self.batches}.{index}", "x": "x" * size}
            | ({"timestamp": self.cloud.clock.ms + index // 2} if self.stamped else {})
            for index in range(count)
        ]
        self.sent += new
        self.unsent.append((self.batches, ndjson(*new)))
        self.batches += 1

    def lose(self, which: int) -> None:
        """Lose a numbered batch that waits, and another one after it finds its way."""
        if self.numbered and self.unsent:
            sequence, body = self.unsent.pop(which % len(self.unsent))
            self.lost.add(sequence)
            lost = [json.loads(line) for line in body.splitlines()]
            self.sent = [one for one in self.sent if one not in lost]

    def send(self, which: int) -> None:
        """Send one of the batches that wait; a numbered one need not be the first."""
        if not self.unsent:
            return
        sequence, body = self.unsent.pop(which % len(self.unsent) if self.numbered else 0)
        self.cloud.clock.sleep(0.002)  # the order of arrival is that of the gateway's clock
        now_ms = self.cloud.clock.ms
        line = envelope(
            body,
            sequence if self.numbered else None,
            receivedAtMs=now_ms,
            requestId=f"{sequence}-{len(self.envelopes)}",
        )
        self.envelopes.append(line)
        self.cloud.append(line)

    def resend(self, which: int, new_request: bool) -> None:
        """Send a batch again, as after a lost answer; or have Kinesis take it twice."""
        if not self.envelopes:
            return
        line = self.envelopes[which % len(self.envelopes)]
        if new_request:
            content = json.loads(line)
            content |= {"requestId": "again", "receivedAtMs": self.cloud.clock.ms}
            line = json.dumps(content).encode()
        self.cloud.append(line)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.integers(1, 4), st.sampled_from([0, 0, 300])),
        st.tuples(st.just("lose"), st.integers(0, 3)),
        st.tuples(st.just("send"), st.integers(0, 3)),
        st.tuples(st.just("resend"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 2000)),
        st.tuples(st.just("deliver"), st.integers(1, 3)),
        st.tuples(st.just("throttle"), st.integers(1, 4)),
        st.tuples(st.just("deliver again"), st.integers(0, 9)),
        st.tuples(st.just("reshard")),
        st.tuples(st.just("poll")),
    ),
    max_size=40,
)


@settings(max_examples=300)
@given(
    actions=ACTIONS,
    numbered=st.booleans(),
    stamped=st.booleans(),
    warm=st.booleans(),
    body_bytes=st.sampled_from([80, 200, 6000]),
    gzipped=st.booleans(),
    list_size=st.sampled_from([2, 1000]),
    records=st.sampled_from([1, 10_000]),
)
@example(  # the copy has the earlier arrival, and comes when a page has ended within the first
    actions=[("make", 4, 0), ("send", 0), ("deliver", 1), ("throttle", 3), ("resend", 0, True)],
    numbered=True,
    stamped=False,
    warm=False,
    body_bytes=80,
    gzipped=False,
    list_size=2,
    records=1,
)
def test_all_pages_together_are_what_was_sent_in_its_order(
    actions: list[tuple[Any, ...]],
    numbered: bool,
    stamped: bool,
    warm: bool,
    body_bytes: int,
    gzipped: bool,
    list_size: int,
    records: int,
) -> None:
    cloud = Cloud()
    cloud.s3.page_size, cloud.kinesis.limit = list_size, records
    client = Client(cloud, numbered=numbered, stamped=stamped)
    reader = Reader(cloud, body_bytes, gzipped, warm)
    started = cloud.clock.now
    do: dict[str, Callable[..., None]] = {
        "make": client.make,
        "lose": client.lose,
        "send": client.send,
        "resend": client.resend,
        "wait": cloud.clock.wait,
        "deliver": cloud.deliver,
        "throttle": cloud.throttle,
        "deliver again": cloud.deliver_again,
        "reshard": cloud.reshard,
        "poll": reader.poll,
    }

    for action, *values in actions:
        do[action](*values)
    while client.unsent:
        client.send(0)
    in_time = cloud.clock.now - started < GAP_MS / 1000
    reader.poll()
    cloud.clock.sleep(200)
    cloud.kinesis.refusals.clear()
    cloud.deliver()
    reader.poll()
    late_reader = Reader(cloud, body_bytes, gzipped, warm=False)
    late_reader.poll()

    came = {sequence for sequence in range(client.batches) if sequence not in client.lost}
    missing = gaps_of(with_sequences((), came)) if numbered else ()
    assert late_reader.events == client.sent
    assert (late_reader.missing, reader.missing) == (missing, missing)
    if in_time:
        assert reader.events == client.sent
    else:
        names = Counter(event["n"] for event in reader.events)
        assert names == Counter(event["n"] for event in client.sent)
