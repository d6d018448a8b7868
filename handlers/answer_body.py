"""Bodies of an answer that Lambda and API Gateway let through: NDJSON, plain or gzipped."""

import base64
import json
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

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
# Compressed in one go. Less would cost more in handing over than the other thread saves.
_GZIP_PIECE_BYTES = 256 * 1024


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
        if len(data) > self._room:  # a byte takes a character at least
            return False
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

    How far lines shrink is known only when zlib has been flushed, which is done for each piece. So
    those that zlib still has count at their worst, and are waited for only if that does not fit.

    A thread of its own compresses while the caller reads on: zlib lets go of Python's lock.
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
        self._thread = ThreadPoolExecutor(1)  # in the order of the lines
        self._stream = zlib.compressobj(_GZIP_LEVEL, wbits=GZIP_WBITS)
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._given: deque[tuple[int, Future[bytes]]] = deque()
        self._pending_bytes = 0
        self._gzipped: list[bytes] = []
        self._gzipped_bytes = 0
        self._gunzipped_bytes = 0

    def took(self, line: bytes) -> bool:
        """Return whether `line` found room. One that is alone may be as long as it likes."""
        if self._gunzipped_bytes > 0:
            return self.took_all([line])
        self._add(line + b"\n")
        if self._has_room(0):
            return True
        self._thread.shutdown()
        self._start()
        return False

    def took_all(self, lines: Sequence[bytes]) -> bool:
        """Return whether all `lines` found room, at their worst."""
        return self._took(b"".join(line + b"\n" for line in lines))

    def took_part(self, data: bytes) -> int:
        """Return how many bytes of a longer line, from its begin on, found room."""
        return _part_taken(self._took, data)

    def _took(self, data: bytes) -> bool:
        if self._gunzipped_bytes + len(data) > self._max_gunzipped_bytes:
            return False
        if not self._has_room(len(data)):
            return False
        self._add(data)
        return True

    def size(self) -> int:
        """Return how many bytes of NDJSON have been taken."""
        return self._gunzipped_bytes

    def text(self) -> str:
        """Return base64 of the gzipped lines."""
        self._give(zlib.Z_FINISH)
        self._take(wait=True)
        self._thread.shutdown()
        return base64.b64encode(b"".join(self._gzipped)).decode()

    def _has_room(self, more_bytes: int) -> bool:
        """Return whether that much more finds room at its worst; wait only if it must be known."""
        if self._fits(more_bytes):
            return True
        self._take(wait=False)
        if self._fits(more_bytes):
            return True
        self._give(zlib.Z_SYNC_FLUSH)
        self._take(wait=True)
        return self._fits(more_bytes)

    def _fits(self, more_bytes: int) -> bool:
        pieces = len(self._given) + 2  # and what waits, and the end
        most = _largest_gzip_bytes(self._pending_bytes + more_bytes, pieces)
        return self._gzipped_bytes + most <= self._max_bytes

    def _add(self, data: bytes) -> None:
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self._pending_bytes += len(data)
        self._gunzipped_bytes += len(data)
        if self._waiting_bytes >= _GZIP_PIECE_BYTES:
            self._give(zlib.Z_SYNC_FLUSH)

    def _give(self, flush: int) -> None:
        """Have the thread compress what waits, if anything does or the stream is to end."""
        if not self._waiting and flush != zlib.Z_FINISH:
            return
        data = b"".join(self._waiting)
        self._given.append((len(data), self._thread.submit(_piece, self._stream, data, flush)))
        self._waiting, self._waiting_bytes = [], 0

    def _take(self, *, wait: bool) -> None:
        """Take from the thread what it has compressed, or all of it if `wait`."""
        while self._given and (wait or self._given[0][1].done()):
            size, piece = self._given.popleft()
            self._gzipped.append(piece.result())
            self._gzipped_bytes += len(self._gzipped[-1])
            self._pending_bytes -= size


def _piece(stream: Any, data: bytes, flush: int) -> bytes:
    """Return all that `stream`, a zlib compression object, makes of `data`."""
    return stream.compress(data) + stream.flush(flush)


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


def _largest_gzip_bytes(size: int, pieces: int) -> int:
    """Return the most that `size` more bytes can add to a stream, its header and end included.

    Source: `compressBound` in https://zlib.net/manual.html, and 32 for gzip's header and trailer
    and for each flush.
    """
    return size + (size >> 12) + (size >> 14) + (size >> 25) + 13 + 32 * (pieces + 1)
