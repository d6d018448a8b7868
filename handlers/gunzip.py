"""Bounded decompression that keeps every byte in front of a fault."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

# The most that one step hands on: it keeps the memory of a stream small, whatever its ratio.
PIECE_BYTES = 64 * 1024
# zlib reads a gzip header and trailer, and checks the CRC: https://docs.python.org/3/library/zlib.html
GZIP_WBITS = 31


class DamagedError(Exception):
    """A gzip stream is broken, cut short or too long. What came in front of that was yielded."""


def gunzipped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield the decompressed bytes of one or more gzip members, at most `max_bytes` in all.

    Raises:
        DamagedError: after the last usable byte, if anything is missing behind it.
    """
    stream = zlib.decompressobj(wbits=GZIP_WBITS)
    room = max_bytes
    for chunk in chunks:
        data = chunk
        more = True
        while more:
            if stream.eof:
                data = data.lstrip(b"\0")  # padding behind a member is legal
                if not data:
                    break
                stream = zlib.decompressobj(wbits=GZIP_WBITS)
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
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            # A full step may have left output inside zlib even when no input is left.
            more = bool(data) or len(piece) == step
    if not stream.eof:
        raise DamagedError("cut short")


def gunzipped_whole(data: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Return what can be decompressed of `data`, and whether anything is missing behind it."""
    faultless = _faultless(data, max_bytes)
    if faultless is not None:
        return faultless, False
    pieces: list[bytes] = []
    try:
        pieces.extend(gunzipped([data], max_bytes))
    except DamagedError:
        return b"".join(pieces), True
    return b"".join(pieces), False


def _faultless(data: bytes, max_bytes: int) -> bytes | None:
    """Return the content of members without a fault, as nearly every batch is, or None."""
    members: list[bytes] = []
    room = max_bytes
    rest = data
    try:
        while rest or not members:
            stream = zlib.decompressobj(wbits=GZIP_WBITS)
            member = stream.decompress(rest, max(room, 1))  # 0 would be without a limit
            if not stream.eof or len(member) > room:
                return None
            members.append(member)
            room -= len(member)
            rest = stream.unused_data.lstrip(b"\0")  # padding behind a member is legal
    except zlib.error:
        return None
    return b"".join(members)


def _up_to_the_fault(stream: Any, data: bytes) -> bytes:
    """Return the output of `data` up to the byte that zlib refuses, at most 2 KiB for each byte.

    `stream` is a zlib decompression object, whose type has no public name.
    """
    output = bytearray()
    try:
        for byte in data[:PIECE_BYTES]:
            output += stream.decompress(bytes([byte]))
    except zlib.error:
        pass  # the byte that was looked for
    return bytes(output)
