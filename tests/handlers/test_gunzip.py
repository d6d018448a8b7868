"""Bounded decompression that keeps what stands in front of a fault."""

import gzip
import random
import tracemalloc
import zlib
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import gunzip
from handlers.gunzip import MAX_MEMBERS, gunzipped, gunzipped_whole

TEXT = b"".join(b"line %d of a text\n" % number for number in range(20_000))


@given(st.binary(max_size=5000), st.integers(1, 700), st.integers(0, 9))
def test_any_split_of_the_input_gives_the_same_bytes(data: bytes, size: int, level: int) -> None:
    packed = gzip.compress(data, level)
    chunks = [packed[at : at + size] for at in range(0, len(packed), size)]

    assert b"".join(gunzipped(chunks, 10_000)) == data


def test_members_behind_each_other_and_padding_are_one_text() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(b"more") + b"\0\0\0"

    assert gunzipped_whole(packed, 10_000_000) == (TEXT + b"more", False)


@pytest.mark.parametrize("texts", [[b"a", b"", b"b"], [TEXT] * 3, [b"", b""]])
def test_members_of_exactly_the_limit_are_whole(texts: list[bytes]) -> None:
    packed = b"".join(map(gzip.compress, texts))
    text = b"".join(texts)

    assert gunzipped_whole(packed, len(text)) == (text, False)
    assert gunzipped_whole(packed + gzip.compress(b"c"), len(text)) == (text, True)


def test_a_bomb_behind_a_text_of_exactly_the_limit_is_not_unpacked() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(bytes(50_000_000), 9)
    tracemalloc.start()

    text, damaged = gunzipped_whole(packed, len(TEXT))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (text, damaged) == (TEXT, True)
    assert peak_bytes < 10_000_000


def test_a_fault_in_a_later_member_leaves_what_stands_before_it() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(b"more")[:-9]

    text, damaged = gunzipped_whole(packed, 10_000_000)

    assert damaged
    assert text.startswith(TEXT)


def test_a_text_of_exactly_the_limit_is_whole() -> None:
    assert gunzipped_whole(gzip.compress(TEXT), len(TEXT)) == (TEXT, False)


def test_a_text_over_the_limit_is_cut_there() -> None:
    assert gunzipped_whole(gzip.compress(TEXT), len(TEXT) - 1) == (TEXT[:-1], True)


def test_a_bomb_is_cut_at_the_limit_and_not_unpacked_first() -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)

    assert gunzipped_whole(bomb, 1000) == (bytes(1000), True)


@pytest.mark.parametrize("kept", [0, 5, 11, 500, 3000, -9, -1])
def test_a_stream_cut_short_gives_its_beginning(kept: int) -> None:
    text, damaged = gunzipped_whole(gzip.compress(TEXT)[:kept], 10_000_000)

    assert damaged
    assert TEXT.startswith(text)


def test_a_cut_at_any_byte_gives_all_that_zlib_can_give() -> None:
    packed = gzip.compress(bytes(400_000))
    expected = [zlib.decompressobj(31).decompress(packed[:cut]) for cut in range(len(packed) - 8)]

    assert [gunzipped_whole(packed[:cut], 500_000) for cut in range(len(packed) - 8)] == [
        (text, True) for text in expected
    ]


def test_a_wrong_checksum_costs_nothing_but_the_count() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-5] ^= 1

    assert gunzipped_whole(bytes(packed), 10_000_000) == (TEXT, True)


def test_a_flipped_block_gives_what_stands_before_it() -> None:
    noise = random.Random(1).randbytes(30_000)
    first = zlib.compressobj(wbits=31)
    packed = first.compress(noise) + first.flush(zlib.Z_FULL_FLUSH) + b"\xff" * 100

    assert gunzipped_whole(packed, 10_000_000) == (noise, True)


def test_of_very_many_members_the_first_are_read() -> None:
    packed = gzip.compress(b"a") * (MAX_MEMBERS + 1)

    assert gunzipped_whole(packed, len(packed)) == (b"a" * MAX_MEMBERS, True)
    assert gunzipped_whole(gzip.compress(b"a") * MAX_MEMBERS + bytes(99), 99_999) == (
        b"a" * MAX_MEMBERS,
        False,
    )


def test_a_member_costs_no_copy_of_what_is_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    class Counted:
        def __init__(self, wbits: int) -> None:
            self._stream = zlib.decompressobj(wbits)

        def decompress(self, data: bytes, size: int) -> bytes:
            given.append(len(data))
            return self._stream.decompress(data, size)

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

    monkeypatch.setattr(gunzip, "zlib", SimpleNamespace(decompressobj=Counted, error=zlib.error))
    gunzipped_whole(gzip.compress(b"") * 5000, 99)

    assert sum(given) < 5000 * 5000


def test_what_is_no_gzip_is_damaged() -> None:
    assert gunzipped_whole(b"not gzip", 100) == (b"", True)
