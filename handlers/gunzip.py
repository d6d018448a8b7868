"""Bounded decompression that keeps every byte in front of a fault."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

# The most that one step takes or hands on: it keeps the memory of a stream small, whatever its
# ratio.
PIECE_BYTES = 64 * 1024
# What zlib gets of a member first. Input behind a member's end is copied, so less is cheaper for
# many short members, and more for long ones.
_FIRST_BYTES = 4 * 1024
# Clients send one member or a few. A member without content takes 20 bytes and some microseconds,
# so this protects the function's time.
MAX_MEMBERS = 10_000
# zlib reads a gzip header and trailer, and checks the CRC: https://docs.python.org/3/library/zlib.html
GZIP_WBITS = 31


class DamagedError(Exception):
    """A gzip stream is broken, cut short or too long. What came in front of that was yielded."""


def gunzipped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield the decompressed bytes of at most MAX_MEMBERS gzip members, `max_bytes` in all.

    Raises:
        DamagedError: after the last usable byte, if anything is missing behind it.
    """
    stream = zlib.decompressobj(wbits=GZIP_WBITS)
    size = _FIRST_BYTES
    members = 1
    room = max_bytes
    for chunk in chunks:
        at = 0
        is_holding = False  # a full step may have left output inside zlib
        while at < len(chunk) or is_holding:
            data = chunk[at : at + size]
            if stream.eof:
                at += len(data) - len(data.lstrip(b"\0"))  # padding behind a member is legal
                if data.strip(b"\0"):
                    if members == MAX_MEMBERS:
                        raise DamagedError(f"more than {MAX_MEMBERS} members")
                    members += 1
                    stream = zlib.decompressobj(wbits=GZIP_WBITS)
                    size = _FIRST_BYTES
                continue
            before = stream.copy()  # zlib gives no output for the call in which it meets a fault
            step = min(room + 1, PIECE_BYTES)  # one more than allowed, to notice that there is more
            try:
                piece = stream.decompress(data, step)
            except zlib.error as error:
                yield _up_to_the_fault(before, data)[:room]
                raise DamagedError("not gzip from here on") from error
            yield piece[:room]
            if len(piece) > room:
                raise DamagedError(f"longer than {max_bytes} bytes")
            room -= len(piece)
            at += len(data) - len(stream.unused_data if stream.eof else stream.unconsumed_tail)
            is_holding = len(piece) == step and not stream.eof
            size = min(2 * size, PIECE_BYTES)
    if not stream.eof:
        raise DamagedError("cut short")


def gunzipped_whole(data: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Return what can be decompressed of `data`, and whether anything is missing behind it."""
    pieces: list[bytes] = []
    try:
        pieces.extend(gunzipped([data], max_bytes))
    except DamagedError:
        return b"".join(pieces), True
    return b"".join(pieces), False


def _up_to_the_fault(stream: Any, data: bytes) -> bytes:
    """Return the output of `data` up to the byte that zlib refuses, at most 2 KiB for each byte.

    `stream` is a zlib decompression object, whose type has no public name.
    """
    output = bytearray()
    try:
        for byte in data:
            output += stream.decompress(bytes([byte]))
    except zlib.error:
        pass  # the byte that was looked for
    return bytes(output)
