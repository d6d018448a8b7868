"""Pages: all events come, once, and no answer is larger than Lambda lets through."""

import base64
import gzip
import itertools
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.answer_body import Body, GzipBody, PlainBody
from handlers.envelope import Arrival, Batch
from handlers.merge import Packed, in_order, packed_into
from handlers.position import START, Partial, Position
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
    coming.sort(key=after.sort_rank)
    return packed_into(body, coming, after, Repeats(after.latest, lambda: earlier, coming))


def pages(batches: list[Batch], form: Callable[[], Body]) -> tuple[list[bytes], list[str]]:
    """Return all lines, page after page, and the bodies as they go into the answers."""
    ndjson = b""
    bodies: list[str] = []
    position, has_more = START, True
    while has_more:
        assert len(bodies) < 300, "the reading comes to no end"
        body = form()
        page = packed(batches, body, position)
        text = body.text()
        data = gzip.decompress(base64.b64decode(text)) if form is FORMS[1] else text.encode()
        assert data or not page.is_full, "a page without events must be the last"
        ndjson += data
        bodies.append(text)
        position, has_more = page.position, page.is_full
    return ndjson.split(b"\n")[:-1], bodies


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


def test_a_gzip_page_is_within_its_limit_however_fast_the_lines_come() -> None:
    noise = base64.b64encode(random.Random(1).randbytes(1_000_000))
    lines = [noise[at : at + 1000] for at in range(0, len(noise), 1000)] * 3
    groups = [lines[at : at + 50] for at in range(0, len(lines), 50)]
    body = GzipBody(3_000_000)
    taken = list(itertools.takewhile(body.took_all, groups))
    text = body.text()

    assert 2_800_000 < len(json.dumps(text)) <= 3_000_000
    assert gzip.decompress(base64.b64decode(text)).split() == list(itertools.chain(*taken))


def test_a_gzip_page_ends_where_it_would_be_too_much_for_a_browser() -> None:
    body = GzipBody(10_000, max_gunzipped_bytes=1000)

    assert [body.took(b"x" * 399) for _ in range(4)] == [True, True, False, False]


@pytest.mark.parametrize("form", FORMS, ids=["plain", "gzip"])
def test_an_event_that_no_answer_can_carry_goes_over_several(form: Callable[[], Body]) -> None:
    noise = random.Random(1).randbytes(5 * LIMIT).hex() + "\u00e9\U0001f600" * LIMIT
    batches = [text_batch(["a", noise, "b"], 0, 0), text_batch([noise], 1, 1)]
    lines, texts = pages(batches, form)

    assert lines == [event.line for one in batches for event in one.content().events]
    assert all(len(json.dumps(text)) <= LIMIT for text in texts)


@pytest.mark.parametrize("follower", [True, False])
def test_an_event_whose_batch_is_gone_is_ended_and_counted(follower: bool) -> None:
    batches = [text_batch(["x" * 2 * LIMIT], 0, 0), text_batch(["b"], 1, 1)]
    first = packed(batches, PlainBody(LIMIT))
    body = PlainBody(LIMIT)
    rest = batches[1:] if follower else []
    page = packed(rest, body, first.position)

    expected = "".join(
        f"\n{event.line.decode()}\n" for one in rest for event in one.content().events
    )
    assert (body.text(), page.skipped) == (expected, int(follower))
    assert follower or page.position == first.position


@pytest.mark.parametrize(("index", "offset"), [(7, 1), (2, 1), (0, 10**6), (0, 25)])
def test_a_cursor_that_was_made_up_costs_its_maker_one_line(index: int, offset: int) -> None:
    batches = [text_batch(["\u00e9" * 30, "b"], 0, 0)]
    made_up = START.moved([], Partial(0, batches[0].arrival, index, offset), START.latest)
    body = PlainBody(LIMIT)
    page = packed(batches, body, made_up)

    assert body.text().startswith("\n")
    assert (page.skipped, page.is_full) == (1, False)


def test_what_is_before_an_event_too_large_is_served_first() -> None:
    batches = [text_batch(["a", "x" * LIMIT], 0, 0)]
    body = PlainBody(LIMIT)
    page = packed(batches, body)

    assert (body.text().count("\n"), page.is_full) == (1, True)
