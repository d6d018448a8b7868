"""Bodies of an answer that Lambda and API Gateway let through: NDJSON, plain or gzipped."""

import base64
import json
import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

from handlers.gunzip import GZIP_WBITS

# The whole JSON that a function returns, body and headers:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ANSWER_BYTES = 6_291_556
# Room in it for everything but the body: the cursor (4 KiB), other headers, JSON around them.
RESERVED_BYTES = 32 * 1024
MAX_BODY_BYTES = MAX_ANSWER_BYTES - RESERVED_BYTES
# Ours: 5 MB of gzip may be 5 GB of text. It protects a browser that parses a page in one go.
MAX_GUNZIPPED_PAGE_BYTES = 32 * 1024 * 1024
# As much of a line as is tried at a time where the whole of it fits into no answer.
_PIECE_BYTES = 64 * 1024
# Level 1 takes a third of the time of 6 on rrweb's JSON, and the time is billed.
_GZIP_LEVEL = 1


class Body(Protocol):
    """An answer's body that takes lines until it is full."""

    def took(self, line: bytes) -> bool:
        """Return whether `line` found room. If not, it has no effect."""
        ...

    def took_all(self, lines: Sequence[bytes]) -> bool:
        """Return whether all `lines` found room. If not, it has no effect; some of them may."""
        ...

    def took_part(self, data: bytes) -> int:
        """Return how many bytes of a longer line, from its begin on, found room.

        The cut is between two characters of UTF-8.
        """
        ...

    def size(self) -> int:
        """Return how many bytes of NDJSON have been taken."""
        ...

    def text(self) -> str:
        """Return the body as it goes into the JSON that the function returns; call it once."""
        ...


class PlainBody:
    """NDJSON as text. It counts the escapes of the JSON around it, non-ASCII as six bytes."""

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._room = max_body_bytes - len('""')
        self._texts: list[str] = []
        self._size = 0

    def took(self, line: bytes) -> bool:
        """Return whether `line` found room."""
        return self.took_all([line])

    def took_all(self, lines: Sequence[bytes]) -> bool:
        """Return whether all `lines` found room."""
        return self._took(b"".join(line + b"\n" for line in lines))

    def took_part(self, data: bytes) -> int:
        """Return how many bytes of a longer line, from its begin on, found room."""
        return _part_taken(self._took, data)

    def _took(self, data: bytes) -> bool:
        text = data.decode()
        size = len(json.dumps(text)) - len('""')
        if size > self._room:
            return False
        self._room -= size
        self._texts.append(text)
        self._size += len(data)
        return True

    def size(self) -> int:
        """Return how many bytes of NDJSON have been taken."""
        return self._size

    def text(self) -> str:
        """Return the lines."""
        return "".join(self._texts)


class GzipBody:
    """NDJSON, gzipped, as base64.

    How far a line shrinks is known only when zlib has been flushed, which costs some bytes. So it
    is flushed only when the lines since the last time might, at their worst, not fit.
    """

    def __init__(
        self,
        max_body_bytes: int = MAX_BODY_BYTES,
        max_gunzipped_bytes: int = MAX_GUNZIPPED_PAGE_BYTES,
    ) -> None:
        self._max_bytes = (max_body_bytes - len('""')) // 4 * 3  # base64 makes four of three
        self._max_gunzipped_bytes = max_gunzipped_bytes
        self._start()

    def _start(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, wbits=GZIP_WBITS)
        self._parts: list[bytes] = []
        self._flushed_bytes = 0
        self._pending_bytes = 0
        self._gunzipped_bytes = 0

    def took(self, line: bytes) -> bool:
        """Return whether `line` found room. One that is alone may be as long as it likes."""
        if self._gunzipped_bytes > 0:
            return self.took_all([line])
        self._add(line + b"\n")
        if not self._fits(self._pending_bytes):
            self._flush()
            if not self._fits(0):
                self._start()
                return False
        return True

    def took_all(self, lines: Sequence[bytes]) -> bool:
        """Return whether all `lines` found room, at their worst."""
        return self._took(b"".join(line + b"\n" for line in lines))

    def took_part(self, data: bytes) -> int:
        """Return how many bytes of a longer line, from its begin on, found room."""
        return _part_taken(self._took, data)

    def _took(self, data: bytes) -> bool:
        if self._gunzipped_bytes + len(data) > self._max_gunzipped_bytes:
            return False
        if not self._fits(self._pending_bytes + len(data)):
            self._flush()
            if not self._fits(len(data)):
                return False
        self._add(data)
        return True

    def size(self) -> int:
        """Return how many bytes of NDJSON have been taken."""
        return self._gunzipped_bytes

    def text(self) -> str:
        """Return base64 of the gzipped lines."""
        self._parts.append(self._stream.flush())
        return base64.b64encode(b"".join(self._parts)).decode()

    def _fits(self, pending_bytes: int) -> bool:
        return self._flushed_bytes + _largest_gzip_bytes(pending_bytes) <= self._max_bytes

    def _add(self, data: bytes) -> None:
        self._parts.append(self._stream.compress(data))
        self._pending_bytes += len(data)
        self._gunzipped_bytes += len(data)

    def _flush(self) -> None:
        self._parts = [b"".join([*self._parts, self._stream.flush(zlib.Z_SYNC_FLUSH)])]
        self._flushed_bytes = len(self._parts[0])
        self._pending_bytes = 0


def _part_taken(took: Callable[[bytes], bool], data: bytes) -> int:
    """Return how many bytes were taken, piece by piece, until not even a character was."""
    taken, size = 0, _PIECE_BYTES
    while taken < len(data) and size > 0:
        end = taken + size
        while end < len(data) and not starts_character(data[end]):
            end -= 1
        if end > taken and took(data[taken:end]):
            taken = min(end, len(data))
        else:
            size //= 2
    return taken


def starts_character(byte: int) -> bool:
    """Return whether a character of UTF-8 begins with `byte`: the others all are 0b10xxxxxx."""
    return byte & 0xC0 != 0x80


def _largest_gzip_bytes(size: int) -> int:
    """Return the most that `size` more bytes can add to a stream, its header and end included.

    Source: `compressBound` in https://zlib.net/manual.html, and 64 for gzip's header, trailer and
    the flushes on both sides.
    """
    return size + (size >> 12) + (size >> 14) + (size >> 25) + 13 + 64
