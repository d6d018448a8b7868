"""Bounded decompression of gzip that may be damaged: what can be read of it is kept."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

# zlib reads a gzip header and trailer, and checks the CRC: https://docs.python.org/3/library/zlib.html
GZIP_WBITS = 31
# Clients send one member or a few. Each takes some microseconds: it protects the function's time.
MAX_MEMBERS = 10_000
MEMBER_START = b"\x1f\x8b\x08"  # https://www.rfc-editor.org/rfc/rfc1952#page-6
# What Python's gzip raises where a stream is cut short, or is no gzip from here on.
_FAULTS = (EOFError, gzip.BadGzipFile, zlib.error)
# As much as is decompressed at a time, so that a bomb takes little memory. Of damaged gzip as much
# may be lost before the fault.
STEP_BYTES = 16 * 1024


def gunzipped(data: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Return what can be decompressed of `data`, and whether anything is missing after it."""
    stream = zlib.decompressobj(GZIP_WBITS)
    with suppress(zlib.error):
        whole = stream.decompress(data, max_bytes)
        if not stream.unconsumed_tail and not stream.unused_data:
            return whole, not stream.eof  # one member, as nearly always, in two thirds of the time
        del whole
    if data.count(MEMBER_START) > MAX_MEMBERS:
        rest = data.split(MEMBER_START, MAX_MEMBERS + 1)[-1]
        return gunzipped(data[: -len(rest) - len(MEMBER_START)], max_bytes)[0], True
    pieces: list[bytes] = []
    room = max_bytes
    file = gzip.GzipFile(fileobj=io.BytesIO(data))
    try:
        # One byte more than allowed, to notice that there is more.
        while piece := file.read1(min(room + 1, STEP_BYTES)):
            pieces.append(piece[:room])
            if len(piece) > room:
                return b"".join(pieces), True
            room -= len(piece)
    except _FAULTS:
        return b"".join(pieces), True
    return b"".join(pieces), False


def gunzipped_whole(data: bytes, max_bytes: int) -> bytes | None:
    """Return the text of one faultless member; None if it is none, or has more bytes."""
    stream = zlib.decompressobj(GZIP_WBITS)
    try:
        text = stream.decompress(data, max_bytes)
    except zlib.error:
        return None
    return text if stream.eof and not stream.unused_data else None


def gunzipped_lines(
    stream: Any, max_line_bytes: int, max_bytes: int
) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines of a binary stream, and whether anything is missing in or after each.

    A line longer than `max_line_bytes`, and the rest after a fault or after `max_bytes`, comes
    empty.
    """
    file = gzip.GzipFile(fileobj=stream)
    is_long = False
    try:
        while part := file.readline(max_line_bytes + 1):
            max_bytes -= len(part)
            if max_bytes < 0:
                break
            if len(part) > max_line_bytes and not part.endswith(b"\n"):
                is_long = True  # its memory goes at once, not when the line ends
                continue
            yield (b"" if is_long else part), is_long
            is_long = False
    except _FAULTS:
        is_long = True
    if is_long or max_bytes < 0:
        yield b"", True
