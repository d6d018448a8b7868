"""Lines of a byte stream that may break off, in bounded memory."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from handlers.gunzip import DamagedError


class Line(NamedTuple):
    """One line without its newline."""

    data: bytes
    damaged: bool
    """Something is missing: behind this line (`data` may still be whole), or all of it."""


def lines_of(pieces: Iterable[bytes], max_line_bytes: int) -> Iterator[Line]:
    r"""Yield the lines of `pieces`; one longer than `max_line_bytes` comes empty and damaged.

    >>> [line.data for line in lines_of([b"a\nb", b"c\n"], 10)]
    [b'a', b'bc']
    """
    rest = bytearray()
    too_long = False
    try:
        for piece in pieces:
            *ended, last = piece.split(b"\n")
            for part in ended:
                too_long = too_long or len(rest) + len(part) > max_line_bytes
                yield Line(b"" if too_long else bytes(rest) + part, too_long)
                rest.clear()
                too_long = False
            too_long = too_long or len(rest) + len(last) > max_line_bytes
            if too_long:
                rest.clear()  # its memory goes at once, not when the line ends
            else:
                rest += last
    except DamagedError:
        yield Line(bytes(rest), damaged=True)
        return
    if rest or too_long:
        yield Line(bytes(rest), too_long)
