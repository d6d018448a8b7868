"""Bounded decompression that keeps what stands in front of a fault."""

import gzip
import io
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.gunzip import (
    MAX_MEMBERS,
    STEP_BYTES,
    gunzipped,
    gunzipped_lines,
    gunzipped_whole,
)

TEXT = b"".join(b"line %d of a text\n" % number for number in range(20_000))


def test_members_behind_each_other_and_padding_are_one_text() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(b"more") + b"\0\0\0"

    assert gunzipped(packed, 10_000_000) == (TEXT + b"more", False)


@pytest.mark.parametrize("texts", [[b"a", b"", b"b"], [TEXT] * 3, [b"", b""]])
def test_members_of_exactly_the_limit_are_whole(texts: list[bytes]) -> None:
    packed = b"".join(map(gzip.compress, texts))
    text = b"".join(texts)

    assert gunzipped(packed, len(text)) == (text, False)
    assert gunzipped(packed + gzip.compress(b"c"), len(text)) == (text, True)


def test_a_bomb_behind_a_text_of_exactly_the_limit_is_not_unpacked() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(bytes(50_000_000), 9)
    tracemalloc.start()

    text, damaged = gunzipped(packed, len(TEXT))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (text, damaged) == (TEXT, True)
    assert peak_bytes < 10_000_000


def test_a_fault_in_a_later_member_leaves_what_stands_before_it() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(b"more")[:-9]

    text, damaged = gunzipped(packed, 10_000_000)

    assert damaged
    assert text.startswith(TEXT)


def test_a_text_of_exactly_the_limit_is_whole() -> None:
    assert gunzipped(gzip.compress(TEXT), len(TEXT)) == (TEXT, False)


def test_a_text_over_the_limit_is_cut_there() -> None:
    assert gunzipped(gzip.compress(TEXT), len(TEXT) - 1) == (TEXT[:-1], True)


def test_a_bomb_is_cut_at_the_limit_and_not_unpacked_first() -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)

    assert gunzipped(bomb, 1000) == (bytes(1000), True)


@pytest.mark.parametrize("kept", [0, 5, 11, 500, 3000, -9, -1])
def test_a_stream_cut_short_gives_its_beginning(kept: int) -> None:
    text, damaged = gunzipped(gzip.compress(TEXT)[:kept], 10_000_000)

    assert damaged
    assert TEXT.startswith(text)


def test_a_cut_at_any_byte_gives_all_that_zlib_can_give() -> None:
    packed = gzip.compress(bytes(400_000))
    expected = [zlib.decompressobj(31).decompress(packed[:cut]) for cut in range(len(packed) - 8)]

    assert [gunzipped(packed[:cut], 500_000) for cut in range(len(packed) - 8)] == [
        (text, True) for text in expected
    ]


def test_a_wrong_checksum_costs_nothing_but_the_count() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-5] ^= 1

    assert gunzipped(bytes(packed), 10_000_000) == (TEXT, True)


def test_a_flipped_block_gives_what_stands_before_it_but_for_the_last_step() -> None:
    noise = random.Random(1).randbytes(100_000)
    first = zlib.compressobj(wbits=31)
    packed = first.compress(noise) + first.flush(zlib.Z_FULL_FLUSH) + b"\xff" * 100

    text, damaged = gunzipped(packed, 10_000_000)

    assert damaged
    assert noise.startswith(text)
    assert len(noise) - len(text) <= STEP_BYTES


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)))
def test_lines_come_as_they_were(lines: list[bytes]) -> None:
    stream = io.BytesIO(gzip.compress(b"".join(line + b"\n" for line in lines)))

    assert list(gunzipped_lines(stream, 20, 10_000)) == [(line + b"\n", False) for line in lines]


def test_a_line_over_the_limit_is_damaged_and_the_next_is_whole() -> None:
    stream = io.BytesIO(gzip.compress(b"123456789\n12345\n123456"))

    assert list(gunzipped_lines(stream, 5, 99)) == [(b"", True), (b"12345\n", False), (b"", True)]


def test_a_text_over_the_limit_ends_there_and_the_rest_is_one_part() -> None:
    packed = gzip.compress(b"one\ntwo\n")

    assert list(gunzipped_lines(io.BytesIO(packed), 9, 8)) == [(b"one\n", False), (b"two\n", False)]
    assert list(gunzipped_lines(io.BytesIO(packed), 9, 7)) == [(b"one\n", False), (b"", True)]


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"one\ntwo\n")[:-8], gzip.compress(b"one\ntwo\n") + b"x"],
    ids=["cut", "more"],
)
def test_after_a_fault_there_is_one_part_that_is_missing(packed: bytes) -> None:
    lines = [(b"one\n", False), (b"two\n", False), (b"", True)]

    assert list(gunzipped_lines(io.BytesIO(packed), 9, 99)) == lines


def test_of_very_many_members_the_first_are_read() -> None:
    packed = gzip.compress(b"a") * (MAX_MEMBERS + 1)

    assert gunzipped(packed, len(packed)) == (b"a" * MAX_MEMBERS, True)
    assert gunzipped(packed * 3, len(packed)) == (b"a" * MAX_MEMBERS, True)
    assert gunzipped(gzip.compress(b"a") * MAX_MEMBERS + bytes(99), 99_999) == (
        b"a" * MAX_MEMBERS,
        False,
    )


def test_what_is_no_gzip_is_damaged() -> None:
    assert gunzipped(b"not gzip", 100) == (b"", True)


PACKED = gzip.compress(b"text", mtime=0)


@pytest.mark.parametrize(
    ("packed", "max_bytes", "text"),
    [
        (PACKED, 4, b"text"),
        (gzip.compress(b"", mtime=0), 4, b""),
        (PACKED, 3, None),
        (PACKED + PACKED, 99, None),
        (PACKED + b"\0", 99, None),
        (PACKED[:-1], 99, None),
        (PACKED[:-8] + b"damage!!", 99, None),
        (b"", 99, None),
        (b"text", 99, None),
    ],
)
def test_only_one_faultless_member_within_the_limit_is_whole(
    packed: bytes, max_bytes: int, text: bytes | None
) -> None:
    assert gunzipped_whole(packed, max_bytes) == text
