"""Pages: all events come, once, and no answer is larger than Lambda lets through."""

import base64
import gzip
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import answer_body
from handlers.answer_body import Body, GzipBody, PlainBody

LIMIT = 400
FORMS: list[Callable[[], Body]] = [lambda: PlainBody(LIMIT), lambda: GzipBody(LIMIT)]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def ndjson_of(body: Body) -> bytes:
    """Return the NDJSON of a body, which fits into its answer."""
    text = body.text()
    assert len(json.dumps(text)) <= LIMIT
    return gzip.decompress(base64.b64decode(text)) if isinstance(body, GzipBody) else text.encode()


@pytest.mark.parametrize("form", FORMS, ids=["plain", "gzip"])
@given(st.lists(st.lists(st.text(max_size=30).map(str.encode), max_size=9), max_size=8))
def test_a_body_holds_what_it_says_that_it_took(
    form: Callable[[], Body], groups: list[list[bytes]]
) -> None:
    groups = [[json.dumps(line.decode()).encode() for line in lines] for lines in groups]
    body = form()
    ndjson = b"".join(lines[: body.take(lines)] for lines in map(joined, groups))

    assert (ndjson_of(body), body.size) == (ndjson, len(ndjson))


@pytest.mark.parametrize("form", FORMS, ids=["plain", "gzip"])
@given(st.text(max_size=LIMIT), st.integers(0, 300))
def test_of_a_line_that_is_too_long_it_takes_whole_characters(
    form: Callable[[], Body], text: str, before: int
) -> None:
    body = form()
    body.take(b"x" * before + b"\n")
    start = body.size
    data = text.replace("\n", " ").encode()
    part = body.take_part(data)

    assert ndjson_of(body)[start:].decode() == data[:part].decode()
    assert part > 0 or not text or start > 100


@pytest.mark.parametrize("form", [PlainBody, GzipBody])
@pytest.mark.parametrize("enough_bytes", [4, 6])
def test_a_body_that_has_enough_ends_after_the_line_that_reaches_it(
    form: Callable[[], Body], enough_bytes: int
) -> None:
    body = form()

    assert body.take(b"12\n34\n56\n", enough_bytes) == 6
    assert body.take(b"56\n", enough_bytes) == 0


def test_a_plain_page_may_fill_the_answer_exactly() -> None:
    json_bytes = len(json.dumps("x\n"))

    assert PlainBody(json_bytes).take(b"x\n") == 2
    assert PlainBody(json_bytes - 1).take(b"x\n") == 0


def test_a_gzip_page_is_nearly_full_before_it_ends() -> None:
    chance = random.Random(1)
    body = GzipBody(200_000)
    while body.take(json.dumps({"n": [chance.randrange(99) for _ in range(50)]}).encode() + b"\n"):
        pass

    assert 198_000 < len(json.dumps(body.text())) <= 200_000


def test_a_gzip_page_is_within_its_limit_however_fast_the_lines_come() -> None:
    noise = base64.b64encode(random.Random(1).randbytes(1_000_000))
    lines = [noise[at : at + 1000] for at in range(0, len(noise), 1000)] * 3
    groups = [lines[at : at + 50] for at in range(0, len(lines), 50)]
    body = GzipBody(3_000_000)
    taken = [group[: body.take(group)] for group in map(joined, groups)]
    text = body.text()

    assert 2_800_000 < len(json.dumps(text)) <= 3_000_000
    assert gzip.decompress(base64.b64decode(text)) == b"".join(taken)


def test_a_gzip_page_ends_where_it_would_be_too_much_for_a_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer_body, "MAX_TEXT_BYTES", 1000)
    body = GzipBody(10_000)

    assert [body.take(b"x" * 399 + b"\n") for _ in range(4)] == [400, 400, 0, 0]
