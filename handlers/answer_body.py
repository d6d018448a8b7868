"""Bodies of an answer that Lambda and API Gateway let through: NDJSON, plain or gzipped."""

import base64
import json
import zlib
from abc import ABC, abstractmethod
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from handlers.gunzip import GZIP_WBITS

# The whole JSON that a function returns, body and headers:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ANSWER_BYTES = 6_291_556
# Room in it for everything but the body: the cursor (5 KiB), other headers, JSON around them.
RESERVED_BYTES = 32 * 1024
MAX_BODY_BYTES = MAX_ANSWER_BYTES - RESERVED_BYTES
# Ours: 5 MB of gzip may be 5 GB of text. It protects a browser that parses a page in one go.
MAX_TEXT_BYTES = 32 * 1024 * 1024
# As much of a line as is tried at a time where the whole of it fits into no answer.
_PIECE_BYTES = 64 * 1024
# Level 1 takes a third of the time of 6 on rrweb's JSON, and the time is billed.
_GZIP_LEVEL = 1
# Compressed in one go. Less would cost more in handing over than the other thread saves.
_GZIP_PIECE_BYTES = 256 * 1024
# That the thread may be behind. It protects the memory.
_GZIP_PIECES = 3


class Body(ABC):
    """An answer's body that takes lines until it is full."""

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self.size = 0
        """Bytes of NDJSON that have been taken."""
        self._max_body_bytes = max_body_bytes - len('""')

    def take(self, ndjson: bytes, enough_bytes: int = MAX_TEXT_BYTES) -> int:
        """Return how many bytes the body took: lines from the first on, until it has enough."""
        if self.size + len(ndjson) <= enough_bytes and self._took(ndjson):
            return len(ndjson)  # the usual case, and several times as fast as one by one
        before = self.size
        for line in ndjson.split(b"\n")[:-1]:
            if self.size >= enough_bytes or not self._took(line + b"\n"):
                break
        return self.size - before

    def take_part(self, data: bytes) -> int:
        """Return how many bytes of a longer line, from its start on, the body took.

        The cut is between two characters of UTF-8.
        """
        taken, size = 0, _PIECE_BYTES
        while taken < len(data) and size > 0:
            end = min(taken + size, len(data))
            while end < len(data) and not starts_character(data[end]):
                end -= 1
            if end > taken and self._took(data[taken:end]):
                taken = end
            else:
                size //= 2
        return taken

    def _took(self, data: bytes) -> bool:
        """Return whether `data` found room. If not, it has no effect."""
        has_room = self.size + len(data) <= MAX_TEXT_BYTES and self._add(data)
        self.size += len(data) if has_room else 0
        return has_room

    @abstractmethod
    def _add(self, data: bytes) -> bool:
        """Add `data` if it fits into the answer; return whether it does."""

    @abstractmethod
    def text(self) -> str:
        """Return the body as it goes into the JSON that the function returns; call it once."""


class PlainBody(Body):
    """NDJSON as text. It counts the escapes of the JSON around it, non-ASCII as six bytes."""

    _text = ""

    def _add(self, data: bytes) -> bool:
        if len(data) > self._max_body_bytes:  # a byte takes a character at least
            return False
        text = data.decode()
        size = len(json.dumps(text)) - len('""')
        if size > self._max_body_bytes:
            return False
        self._max_body_bytes -= size
        self._text += text
        return True

    def text(self) -> str:
        """Return the lines."""
        return self._text


class GzipBody(Body):
    """NDJSON, gzipped, as base64.

    How far lines shrink is known only when zlib has been flushed, which is done for each piece. So
    those that zlib still has count at their worst, and are waited for only if that does not fit.

    A thread of its own compresses while the caller reads on: zlib lets go of Python's lock.
    """

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        super().__init__(max_body_bytes)
        self._thread = ThreadPoolExecutor(1)  # in the order of the lines
        self._stream = zlib.compressobj(_GZIP_LEVEL, wbits=GZIP_WBITS)
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._compressing: deque[tuple[int, Future[bytes]]] = deque()
        self._pending_bytes = 0
        """Of those that wait and those that the thread has."""
        self._gzipped = bytearray()

    def text(self) -> str:
        """Return base64 of the gzipped lines."""
        self._compress(zlib.Z_FINISH)
        self._collect(wait=True)
        self._thread.shutdown()
        return base64.b64encode(self._gzipped).decode()

    def _add(self, data: bytes) -> bool:
        if not self._fits(len(data)):
            if self._waiting:
                self._compress(zlib.Z_SYNC_FLUSH)
            self._collect(wait=True)
            if not self._fits(len(data)):
                return False
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self._pending_bytes += len(data)
        if self._waiting_bytes >= _GZIP_PIECE_BYTES:
            self._compress(zlib.Z_SYNC_FLUSH)
        return True

    def _fits(self, more_bytes: int) -> bool:
        """Return whether that much more fits at its worst.

        Source: `compressBound` in https://zlib.net/manual.html, and 32 for gzip's header and
        trailer and for each flush: of each piece, of what waits, and at the end.
        """
        size = self._pending_bytes + more_bytes
        most = size + (size >> 12) + (size >> 14) + (size >> 25) + 13
        most += 32 * (len(self._compressing) + 3)
        return (len(self._gzipped) + most + 2) // 3 * 4 <= self._max_body_bytes

    def _compress(self, flush: int) -> None:
        """Have the thread compress what waits, and take what it has compressed by now."""
        data, stream = b"".join(self._waiting), self._stream
        piece = self._thread.submit(lambda: stream.compress(data) + stream.flush(flush))
        self._compressing.append((len(data), piece))
        self._waiting, self._waiting_bytes = [], 0
        self._collect(wait=False)

    def _collect(self, *, wait: bool) -> None:
        """Take what the thread has compressed: all, or what it has done by now.

        If it is far behind, wait for it: the memory is better used.
        """
        while self._compressing and (
            wait or len(self._compressing) > _GZIP_PIECES or self._compressing[0][1].done()
        ):
            size, piece = self._compressing.popleft()
            self._gzipped += piece.result()
            self._pending_bytes -= size


def starts_character(byte: int) -> bool:
    """Return whether a character of UTF-8 starts with `byte`: the others all are 0b10xxxxxx."""
    return byte & 0xC0 != 0x80
