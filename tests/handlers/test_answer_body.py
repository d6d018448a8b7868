"""Pages: all events come, once, and no answer is larger than Lambda lets through."""

import base64
import gzip
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.answer_body import Body, EventTooLargeError, GzipBody, PlainBody
from handlers.envelope import Arrival, Batch
from handlers.merge import Packed, in_order, packed_into
from handlers.position import START, Position
from handlers.repeats import Repeats

LIMIT = 400
FORMS: list[Callable[[], Body]] = [lambda: PlainBody(LIMIT), lambda: GzipBody(LIMIT)]
TEXTS = st.text(max_size=30)


def text_batch(texts: list[str], sequence: int | None, at: int) -> Batch:
    """Return a batch of unlike events that hold `texts`."""
    lines = [{"id": [sequence, at, n], "t": text} for n, text in enumerate(texts)]
    body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    return Batch(
        sequence=sequence,
        arrival=Arrival(at, str(sequence)),
        stored_at_ms=at,
        body=lambda: body,
        gzipped=False,
    )


def packed(batches: list[Batch], body: Body, after: Position = START) -> Packed:
    """Put the next page of `batches` into `body`."""
    earlier = [batch for batch in batches if after.has_passed(batch)]
    coming = [batch for batch in in_order(batches) if not after.has_passed(batch)]
    coming.sort(key=lambda batch: not after.is_within(batch))
    return packed_into(body, coming, after, Repeats(after.latest, lambda: earlier, coming))


def pages(batches: list[Batch], form: Callable[[], Body]) -> tuple[list[bytes], list[str]]:
    """Return all lines, page after page, and the bodies as they go into the answers."""
    lines: list[bytes] = []
    bodies: list[str] = []
    position, has_more = START, True
    while has_more:
        body = form()
        page = packed(batches, body, position)
        text = body.text()
        data = gzip.decompress(base64.b64decode(text)) if form is FORMS[1] else text.encode()
        assert data or not page.is_full, "a page without events must be the last"
        lines += data.split(b"\n")[:-1]
        bodies.append(text)
        position, has_more = page.position, page.is_full
    return lines, bodies


@pytest.mark.parametrize("form", FORMS, ids=["plain", "gzip"])
@given(
    st.lists(st.tuples(st.lists(TEXTS, max_size=9), st.none() | st.integers(0, 5)), max_size=8),
)
def test_all_pages_together_are_all_events_and_each_is_within_the_limit(
    form: Callable[[], Body], bodies: list[tuple[list[str], int | None]]
) -> None:
    batches = [text_batch(texts, number, at) for at, (texts, number) in enumerate(bodies)]
    expected = [event.line for batch in in_order(batches) for event in batch.content().events]

    lines, texts = pages(batches, form)
    assert lines == expected
    assert all(len(json.dumps(text)) <= LIMIT for text in texts)


def test_a_gzip_page_is_nearly_full_before_it_ends() -> None:
    chance = random.Random(1)
    body = GzipBody(200_000)
    while body.took(json.dumps({"n": [chance.randrange(99) for _ in range(50)]}).encode()):
        pass

    assert 198_000 < len(json.dumps(body.text())) <= 200_000


def test_a_gzip_page_ends_where_it_would_be_too_much_for_a_browser() -> None:
    body = GzipBody(10_000, max_gunzipped_bytes=1000)

    assert [body.took(b"x" * 399) for _ in range(4)] == [True, True, False, False]


def test_one_event_over_the_plain_limit_is_refused_and_gzipped_it_is_served() -> None:
    batches = [text_batch(["x" * LIMIT], 0, 0)]

    with pytest.raises(EventTooLargeError):
        pages(batches, FORMS[0])
    assert pages(batches, FORMS[1])[0] == [batches[0].content().events[0].line]


def test_what_is_before_an_event_too_large_is_served_first() -> None:
    batches = [text_batch(["a", "x" * LIMIT], 0, 0)]
    body = PlainBody(LIMIT)
    page = packed(batches, body)

    assert (body.text().count("\n"), page.is_full) == (1, True)


def test_an_event_that_no_answer_can_carry_is_counted_and_the_rest_is_served() -> None:
    noise = random.Random(1).randbytes(LIMIT).hex()
    batches = [text_batch([noise, "b"], 0, 0), text_batch([noise], 1, 1)]
    body = GzipBody(LIMIT)
    page = packed(batches, body)

    line = batches[0].content().events[1].line
    assert gzip.decompress(base64.b64decode(body.text())) == line + b"\n"
    assert page.skipped + page.is_full == 2
