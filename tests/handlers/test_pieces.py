"""An event that fits into no answer comes in pieces, whatever happens between two of them."""

import base64
import gzip
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from handlers.answer_body import Body, GzipBody, PlainBody
from handlers.cursor import cursor_from, position_from
from handlers.position import START, Position
from handlers.recording_page import RecordingPage
from tests.handlers.fakes import Cloud
from tests.handlers.given import RECORDING_ID, envelope

LIMIT = 1000
MAX_PAGES = 100
NOISE = random.Random(1)
Form = Callable[[], Body]


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture(params=[lambda: PlainBody(LIMIT), lambda: GzipBody(LIMIT)], ids=["plain", "gzip"])
def form(request: pytest.FixtureRequest) -> Form:
    return request.param


def event(cloud: Cloud, name: str, size: int = 0) -> bytes:
    """Return an event with `size` characters of one to four bytes, which gzip makes no smaller."""
    text = "".join(NOISE.choice("aZ7 \u00e9\u20ac\U0001f600\u2028") for _ in range(size))
    content = {"n": name, "x": text, "timestamp": cloud.clock.ms}
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"


def page(cloud: Cloud, form: Form, after: Position = START) -> tuple[bytes, RecordingPage]:
    """Return the NDJSON of a page, and the page; the position has been a cursor."""
    found = cloud.reader().page(after, form())
    assert len(json.dumps(found.body)) <= LIMIT
    body = found.body.encode()
    position = position_from(cursor_from(found.position, RECORDING_ID), RECORDING_ID)
    is_gzip = isinstance(form(), GzipBody)
    ndjson = gzip.decompress(base64.b64decode(body)) if is_gzip else body
    return ndjson, found._replace(position=position)


def rest(cloud: Cloud, form: Form, after: Position) -> tuple[bytes, RecordingPage]:
    """Return the NDJSON of all following pages, and the last of them, with what all skipped."""
    ndjson, skipped = b"", 0
    for _ in range(MAX_PAGES):
        more, last = page(cloud, form, after)
        ndjson, after, skipped = ndjson + more, last.position, skipped + last.skipped
        if not last.has_more:
            return ndjson, last._replace(skipped=skipped)
    raise AssertionError("it never ends")


def append(cloud: Cloud, body: bytes, sequence: int | None = None, **fields: Any) -> None:
    cloud.append(envelope(body, sequence, **{"receivedAtMs": cloud.clock.ms, **fields}))


def test_all_pieces_together_are_the_recording(cloud: Cloud, form: Form) -> None:
    body = event(cloud, "a") + event(cloud, "b", 3000) + event(cloud, "c", 3000)
    cloud.s3.put("large/0", gzip.compress(body))
    cloud.s3.put("large/1", event(cloud, "d"))

    read, last = rest(cloud, form, START)

    assert (read, last.skipped) == (body + event(cloud, "d"), 0)


def test_what_cannot_be_read_beside_an_event_in_pieces_is_counted_once(
    cloud: Cloud, form: Form
) -> None:
    big, small = event(cloud, "big", 3000), event(cloud, "small")
    cloud.s3.put("large/0", gzip.compress(b"no event\n" + big + small))

    read, last = rest(cloud, form, START)

    assert (read, last.skipped) == (big + small, 1)


def test_a_cursor_that_is_used_twice_gives_the_same_piece_twice(cloud: Cloud, form: Form) -> None:
    big, small = event(cloud, "big", 5000), event(cloud, "small")
    cloud.s3.put("large/0", big)
    first, one = page(cloud, form)

    second, _ = page(cloud, form, one.position)
    cloud.s3.put("large/1", small)
    again, _ = page(cloud, form, one.position)
    read, _ = rest(cloud, form, one.position)

    assert again == second
    assert first + read == big + small


def test_a_batch_that_comes_between_two_pieces_waits_for_the_last(cloud: Cloud, form: Form) -> None:
    big, late = event(cloud, "big", 3000), event(cloud, "late")
    cloud.s3.put("large/1", big)
    cloud.clock.sleep(200)  # it does not wait for the one before it any more
    first, one = page(cloud, form)

    cloud.s3.put("large/0", late)
    read, _ = rest(cloud, form, one.position)

    assert first + read == big + late


@pytest.mark.parametrize("sequence", [None, 0])
def test_a_batch_that_moves_to_s3_between_two_pieces_goes_on(
    cloud: Cloud, form: Form, sequence: int | None
) -> None:
    big, small = event(cloud, "big", 3000), event(cloud, "small")
    append(cloud, big + small, sequence)
    first, one = page(cloud, form)

    cloud.deliver()
    cloud.clock.sleep(7200)
    read, _ = rest(cloud, form, one.position)

    assert first + read == big + small


@pytest.mark.parametrize("sequence", [None, 0])
def test_an_event_in_pieces_goes_on_from_a_copy_of_its_batch(
    cloud: Cloud, form: Form, sequence: int | None
) -> None:
    body = event(cloud, "small") + event(cloud, "big", 3000) + event(cloud, "last")
    append(cloud, body, sequence, receivedAtMs=cloud.clock.ms + 1)
    first, one = page(cloud, form)

    append(cloud, body, sequence, requestId="another")
    read, last = rest(cloud, form, one.position)

    assert (first + read, last.skipped) == (body, 0)


def test_an_event_whose_batch_is_gone_is_ended_when_another_follows(
    cloud: Cloud, form: Form
) -> None:
    small = event(cloud, "small")
    cloud.s3.put("large/0", event(cloud, "big", 3000))
    first, one = page(cloud, form)
    gone = cloud.s3.objects.copy()
    cloud.s3.objects.clear()

    cloud.s3.put("large/1", small)
    nothing, still = page(cloud, form, one.position)
    cloud.clock.sleep(200)  # so long its follower waits for it
    read, last = rest(cloud, form, still.position)
    cloud.s3.objects.update(gone)
    after, _ = rest(cloud, form, last.position)

    assert (nothing, still.skipped, still.has_more) == (b"", 0, False)
    assert not first.endswith(b"\n")
    assert (read, last.skipped) == (b"\n" + small, 1)
    assert after == gone[next(iter(gone))][0]  # it is back: from its start, on a line of its own


def test_an_event_whose_batch_was_only_not_seen_for_a_while_goes_on(
    cloud: Cloud, form: Form
) -> None:
    big = event(cloud, "big", 3000)
    cloud.s3.put("large/0", big)
    first, one = page(cloud, form)
    stored = cloud.s3.objects.copy()
    cloud.s3.objects.clear()
    _, still = page(cloud, form, one.position)

    cloud.s3.objects.update(stored)
    read, last = rest(cloud, form, still.position)

    assert (first + read, last.skipped) == (big, 0)


def test_a_batch_that_is_gone_between_two_of_its_events_ends_no_line(
    cloud: Cloud, form: Form
) -> None:
    small, follower = event(cloud, "small", 100), event(cloud, "follower")
    cloud.s3.put("large/0", small + event(cloud, "b", 3000))
    first, one = page(cloud, form)
    cloud.s3.objects.clear()

    cloud.s3.put("large/1", follower)
    cloud.clock.sleep(200)
    read, last = rest(cloud, form, one.position)

    assert (first, read, last.skipped) == (small, follower, 0)
