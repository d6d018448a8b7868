"""Batches of every form: each is taken whole, refused without effect, or broken by itself alone."""

import gzip
import random
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.contract import BY_ID, GZIP, JSON, NDJSON
from tests.e2e.store import Store, Traces, Watch
from tests.e2e.user import Event, User, ndjson, new_id

pytestmark = pytest.mark.e2e

TWO = b'{"n":1}\n{"n":2}\n'
TWO_EVENTS: list[Event] = [{"n": 1}, {"n": 2}]
PACKED = gzip.compress(TWO, mtime=0)
# A body may be 767,000 bytes: its record is a third larger.
LARGEST = 767_000
TOO_LARGE = (768_000, 900_000, 1_100_000)
# API Gateway itself takes 10 MB, and answers without CORS headers or a problem to more.
OVER_THE_GATEWAYS_LIMIT = 11_000_000


def noise(size: int) -> bytes:
    """Return bytes that no compression makes fewer."""
    return random.Random(size).randbytes(size)


def one_event(size: int) -> bytes:
    """Return an event of so many bytes, its newline included."""
    return b'{"t":"' + b"x" * (size - 9) + b'"}\n'


TAKEN: dict[str, tuple[bytes, str | None, list[Event]]] = {
    "one event": (b'{"n":1}', JSON, [{"n": 1}]),
    "one event over lines": (b'{\n "n":\n 1\n}\n', JSON, [{"n": 1}]),
    "a list": (b'[{"n":1},{"n":2}]', JSON, TWO_EVENTS),
    "a list over lines": (b'[\n{"n":1},\n{"n":2}\n]\n', JSON, TWO_EVENTS),
    "a list called lines": (b'[{"n":1},{"n":2}]', NDJSON, TWO_EVENTS),
    "lines": (TWO, NDJSON, TWO_EVENTS),
    "lines called JSON": (TWO, JSON, TWO_EVENTS),
    "lines of another system": (b'\r\n{"n":1}\r\n\r\n{"n":2}', NDJSON, TWO_EVENTS),
    "a byte order mark": (b"\xef\xbb\xbf" + TWO, NDJSON, TWO_EVENTS),
    "no content type": (TWO, None, TWO_EVENTS),
    "a content type in another case": (TWO, "Application/X-NDJSON; charset=utf-8", TWO_EVENTS),
    "gzip": (PACKED, GZIP, TWO_EVENTS),
    "lines called gzip": (TWO, GZIP, TWO_EVENTS),
    "an empty object called gzip": (b"{}", GZIP, [{}]),
    "gzip of a list": (gzip.compress(b'[{"n":1},{"n":2}]'), GZIP, TWO_EVENTS),
    "gzip in two members": (
        gzip.compress(b'{"n":1}\n') + gzip.compress(b'{"n":2}\n'),
        GZIP,
        TWO_EVENTS,
    ),
    "an event that is empty, and one that is not": (b'{}\n{"n":1}', NDJSON, [{}, {"n": 1}]),
    "an emoji": ('{"n":"🚢"}'.encode(), NDJSON, [{"n": "🚢"}]),
    "NUL, escaped": (rb'{"n":"\u0000"}', NDJSON, [{"n": "\0"}]),
    "a surrogate pair, escaped": (rb'{"n":"\ud83d\udea2"}', NDJSON, [{"n": "🚢"}]),
    "half of a surrogate pair, escaped": (rb'{"n":"\ud83d"}', NDJSON, [{"n": "\ud83d"}]),
    "it in a list": (rb'[{"n":"\ud83d"}]', JSON, [{"n": "\ud83d"}]),
    "line separators that are none here": (
        '{"n":"\u2028\u2029\u0085"}'.encode(),
        NDJSON,
        [{"n": "\u2028\u2029\u0085"}],
    ),
    "velocity": (
        b'{"n":"$input.body #set($x=1) #end ${context.stage}"}',
        NDJSON,
        [{"n": "$input.body #set($x=1) #end ${context.stage}"}],
    ),
    "quotes and backslashes": (rb'{"n":"\"\\ \\\""}', JSON, [{"n": '"\\ \\"'}]),
    "the largest text": (one_event(LARGEST), NDJSON, [{"t": "x" * (LARGEST - 9)}]),
    "more than text may be, packed": (
        gzip.compress(one_event(5_000_000)),
        GZIP,
        [{"t": "x" * (5_000_000 - 9)}],
    ),
}
"""(body, content type, events that come back) by name."""

BROKEN: dict[str, tuple[bytes, str, list[Event], int]] = {
    "words": (b"not JSON", JSON, [], 1),
    "words for lines": (b"not JSON\nat all", NDJSON, [], 2),
    "a line among lines": (b'{"b":1}\n{"b":\n{"b":2}', NDJSON, [{"b": 1}, {"b": 2}], 1),
    "values that are no objects": (b'1\n"x"\nnull\n{"b":1}', NDJSON, [{"b": 1}], 3),
    "a list of other things": (b'[1,"x",null,{"b":1}]', JSON, [{"b": 1}], 3),
    "a list that is cut": (b'[{"b":1},{"b":', JSON, [{"b": 1}], 1),
    "NUL": (b'{"b":"\0"}\n{"b":1}', NDJSON, [{"b": 1}], 1),
    "gzip that is cut": (PACKED[:-4], GZIP, TWO_EVENTS, 1),
    "gzip with a wrong checksum": (PACKED[:-8] + b"\0" * 8, GZIP, TWO_EVENTS, 1),
    "gzip of noise": (gzip.compress(noise(1000).replace(b"\n", b"")), GZIP, [], 1),
    "noise called gzip": (noise(700_000), GZIP, [], 1),
    "a bomb": (gzip.compress(b"\0" * 50_000_000), GZIP, [], 1),
    "a bomb behind an event": (
        gzip.compress(b'{"b":1}\n' + b" " * 50_000_000),
        GZIP,
        [{"b": 1}],
        1,
    ),
    "deep nesting": (b'{"b":' * 100_000, NDJSON, [], 1),
}
"""(body, content type, events that can be read of it, parts that cannot) by name."""


@pytest.mark.parametrize(("body", "content_type", "events"), TAKEN.values(), ids=TAKEN)
def test_a_batch_comes_back_event_for_event(
    owner: User, body: bytes, content_type: str | None, events: list[Event]
) -> None:
    recording_id = owner.given_recording()

    answer = owner.append(recording_id, body, content_type=content_type)

    assert (answer.status_code, set(answer.json())) == (202, {"requestId"})
    reading = owner.delivered(recording_id, len(events))
    assert (reading.events, reading.skipped) == (events, 0)


@pytest.mark.parametrize("body", [TWO, b'[{"n":1},{"n":2}]'])
@pytest.mark.parametrize("content_type", [NDJSON, JSON])
def test_a_content_encoding_is_undone(owner: User, body: bytes, content_type: str) -> None:
    recording_id = owner.given_recording()

    owner.append(recording_id, gzip.compress(body), content_type=content_type, encoding="gzip")

    assert owner.delivered(recording_id, 2).events == TWO_EVENTS


@pytest.mark.parametrize(("body", "content_type", "events", "skipped"), BROKEN.values(), ids=BROKEN)
def test_a_broken_batch_is_counted_and_spoils_no_other(
    owner: User, body: bytes, content_type: str, events: list[Event], skipped: int
) -> None:
    recording_id = owner.given_recording(ndjson({"good": 0}))

    answer = owner.append(recording_id, body, content_type=content_type, sequence=1)
    owner.append(recording_id, ndjson({"good": 2}), sequence=2)

    assert answer.status_code == 202
    reading = owner.delivered(recording_id, 2 + len(events), skipped=skipped)
    assert reading.events == [{"good": 0}, *events, {"good": 2}]
    assert (reading.skipped, reading.missing) == (skipped, None)


def test_bytes_that_are_no_text_spoil_at_most_their_own_line(owner: User) -> None:
    recording_id = owner.given_recording(b'{"a":1}\n{"b":"\xff\xed\xa0\x80"}\n{"c":1}')

    reading = owner.delivered(recording_id, 2)

    assert reading.events[0] == {"a": 1}
    assert reading.events[-1] == {"c": 1}


@pytest.mark.parametrize("body", [b"\n", b" ", b"[]", b"\xef\xbb\xbf"])
def test_a_batch_of_nothing_but_space_is_no_event(owner: User, body: bytes) -> None:
    recording_id = owner.given_recording(body, ndjson({"n": 1}))

    reading = owner.delivered(recording_id, 1)

    assert (reading.events, reading.skipped) == ([{"n": 1}], 0)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", NDJSON), (b"", JSON), (b"", GZIP), (b"", None), (b"{}", NDJSON), (b"{}", JSON)],
)
def test_an_empty_batch_is_refused(
    owner: User, recording_id: str, body: bytes, content_type: str | None
) -> None:
    answer = owner.append(recording_id, body, content_type=content_type)

    assert answer.status_code == 400
    assert "empty" in answer.json()["detail"]


@pytest.mark.parametrize("size", TOO_LARGE)
@pytest.mark.parametrize("content_type", [NDJSON, JSON, GZIP])
def test_a_batch_over_the_streams_limit_is_told_another_way(
    owner: User, recording_id: str, size: int, content_type: str
) -> None:
    body = noise(size) if content_type == GZIP else one_event(size)

    answer = owner.append(recording_id, body, content_type=content_type)

    assert answer.status_code == 413
    assert "putLargeBatch" in answer.json()["detail"]


def test_a_batch_that_outgrows_the_limit_when_it_is_unpacked_is_too_large(
    owner: User, recording_id: str
) -> None:
    body = gzip.compress(one_event(900_000))

    assert owner.append(recording_id, body, encoding="gzip").status_code == 413


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"x" * OVER_THE_GATEWAYS_LIMIT, None),
        (gzip.compress(b"x" * OVER_THE_GATEWAYS_LIMIT), "gzip"),
        (gzip.compress(b"\0" * 200_000_000, 1), "gzip"),
    ],
    ids=["as it is", "packed", "a bomb"],
)
def test_a_batch_over_the_gateways_limit_is_too_large(
    owner: User, recording_id: str, body: bytes, encoding: str | None
) -> None:
    headers = {**owner.auth, "Content-Type": NDJSON}

    answer = httpx.post(
        f"{owner.api_url}/recordings/{recording_id}/events",
        content=body,
        headers=headers if encoding is None else {**headers, "Content-Encoding": encoding},
        timeout=40,
    )

    assert answer.status_code == 413
    assert owner.append(recording_id, TWO).status_code == 202


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/octet-stream", "application/xml", "x", "a/b/c"]
)
def test_another_content_type_is_refused(owner: User, recording_id: str, content_type: str) -> None:
    assert owner.append(recording_id, TWO, content_type=content_type).status_code == 415


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x"])
def test_another_content_encoding_is_refused(owner: User, recording_id: str, encoding: str) -> None:
    assert owner.append(recording_id, TWO, encoding=encoding).status_code == 415


@pytest.mark.parametrize("body", [TWO, PACKED[:-4], PACKED + b"x"])
def test_a_content_encoding_that_is_broken_is_refused(
    owner: User, recording_id: str, body: bytes
) -> None:
    assert owner.append(recording_id, body, encoding="gzip").status_code == 415


@pytest.mark.sandbox_only
def test_a_refused_request_leaves_no_trace(owner: User, recording_id: str, watch: Watch) -> None:
    refused = {
        owner.append(recording_id, b"").status_code,
        owner.append(recording_id, one_event(900_000)).status_code,
        owner.append(recording_id, TWO, content_type="text/plain").status_code,
        owner.append(recording_id, TWO, encoding="gzip").status_code,
    }

    assert refused == {400, 413, 415}
    assert watch.traces() == Traces()


def send_half(user: User, head: list[str], part: bytes) -> None:
    """Begin an append that would be taken, send a part of its body, and hang up."""
    url = urlsplit(f"{user.api_url}{BY_ID['appendEvents'].target(new_id())}")
    lines = [
        f"POST {url.path} HTTP/1.1",
        f"Host: {url.netloc}",
        f"Authorization: {user.auth['Authorization']}",
        f"Content-Type: {NDJSON}",
        *head,
    ]
    with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + part)


@pytest.mark.sandbox_only
@pytest.mark.parametrize(
    ("head", "part"),
    [
        (["Content-Length: 1000"], TWO),
        (["Content-Length: 1000"], b""),
        (["Transfer-Encoding: chunked"], b"10\r\n" + TWO + b"\r\n"),
        (["Transfer-Encoding: chunked"], b"1000\r\n" + TWO),
        (["Content-Length: 1000", "Content-Encoding: gzip"], PACKED),
    ],
)
def test_a_request_that_is_half_sent_stores_nothing(
    owner: User, store: Store, head: list[str], part: bytes
) -> None:
    recording_id = owner.given_recording()
    watch = store.watch()

    send_half(owner, head, part)

    assert owner.append(recording_id, TWO).status_code == 202
    reading = owner.delivered(recording_id, 2)
    assert reading.events == TWO_EVENTS
    assert watch.traces().recording_ids() == [recording_id]


BOMBS = {
    "11 million events in 32 kB": lambda: gzip.compress(b"{}\n" * 11_184_807),
    "200,000 gzip members": lambda: gzip.compress(b"") * 200_000,
    "one line of 100 MB": lambda: gzip.compress(b'{"a":"%s"}' % (b"x" * 100_000_000)),
    "deep nesting": lambda: gzip.compress(b"[" * 30_000_000),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_its_reader_a_moment_and_is_counted(
    owner: User, bomb: Callable[[], bytes]
) -> None:
    recording_id = owner.given_recording()
    for sequence, body in enumerate((bomb(), gzip.compress(ndjson({"n": "after"})))):
        stored = owner.http.put(
            f"{owner.api_url}/recordings/{recording_id}/events/{sequence}",
            content=body,
            headers={"Content-Type": "application/gzip"},
        )
        assert stored.status_code == 200

    reading = owner.read(recording_id)

    assert reading.events[-1] == {"n": "after"}
    assert reading.skipped == 1


def test_many_batches_of_one_timestamp_are_read_in_time(owner: User) -> None:
    events = [{"n": n, "timestamp": 1} for n in range(300)]
    recording_id = owner.given_recording(*(ndjson(event) for event in events))

    assert owner.delivered(recording_id, len(events)).events == events
