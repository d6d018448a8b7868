"""Whether lines are JSON objects: many at once, by SQLite, in a third of the time of Python's json.

SQLite reads JSON without an object for each value, and other threads run meanwhile.
"""

import functools
import secrets
from collections.abc import Callable

# Given to SQLite at once, unless one line is longer: its copies then stay in the processor's cache.
CHECKED_BYTES = 256 * 1024
_COUNTS = "SELECT count(*), total(key = ?2 AND type = 'object') FROM json_each(cast(?1 AS text))"
_IF_JSON = " WHERE json_valid(cast(?1 AS text))"


def count_objects(ndjson: bytes, max_line_bytes: int) -> int | None:
    r"""Return how many lines there are, if each is surely one JSON object in UTF-8.

    The last may lack its newline. None may also mean that SQLite cannot tell: the caller then looks
    at each line. One that is too long is left to it: SQLite takes 16 bytes for each value, and some
    have only two.

    >>> [count_objects(lines, 99) for lines in (b'{"a": 1}\n{}\n', b'{"a":\n1}', b'{},{}')]
    [2, None, None]
    """
    at = number = 0
    while at < len(ndjson):
        end = _end_of_lines(ndjson, at)
        lines = ndjson[at:end].removesuffix(b"\n")
        here = lines.count(b"\n") + 1
        if end - at > max_line_bytes or not _are_objects(lines, here):
            return None
        number += here
        at = end
    return number


def _end_of_lines(ndjson: bytes, at: int) -> int:
    """Return the end of the last line that is checked together with the one at `at`."""
    if len(ndjson) - at <= CHECKED_BYTES:
        return len(ndjson)
    newline = ndjson.rfind(b"\n", at, at + CHECKED_BYTES)
    if newline < 0:
        newline = ndjson.find(b"\n", at + CHECKED_BYTES)
    return newline + 1 if newline >= 0 else len(ndjson)


def _are_objects(lines: bytes, number: int) -> bool:
    """Return whether each of so many lines is one object; the last has no newline.

    The lines become the members of one object, each under a key that no client can know. A line
    that is only part of a value takes the next one's key into that value, away from the top; a line
    of several values adds members with other keys. So each such key stands before one value.
    """
    # SQLite ends a text at a zero. A return would reach clients, who may take it for a line's end.
    if b"\0" in lines or b"\r" in lines or not _is_utf8(lines):
        return False
    key = secrets.token_hex(8)
    start = f'"{key}":'.encode()
    # A string cannot hold the newline, so none can hide the key after it.
    members = b"{" + start + lines.replace(b"\n", b",\n" + start) + b"}"
    return _counter()(members, key) == (number, number)


@functools.cache
def _counter() -> Callable[[bytes, str], tuple[float, ...]]:
    """Return what counts the members of an object, and those under a key that are objects.

    It gives (-1,) for a line that is no object, and where there is no SQLite: AWS does not say
    which modules its Python was built with.
    """
    try:
        import sqlite3  # noqa: PLC0415
    except ImportError:
        return lambda _members, _key: (-1,)
    # Only one thread reads a page, but not always the one that made the connection.
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    query = counting_query(sqlite3.sqlite_version_info)

    def counts(members: bytes, key: str) -> tuple[float, ...]:
        try:
            return connection.execute(query, (members, key)).fetchone()
        except sqlite3.Error:
            return (-1,)

    return counts


def counting_query(sqlite_version: tuple[int, ...]) -> str:
    """Return the query that counts: all members, and those under a key that are objects.

    From 3.42 on, json_each reads JSON5, too, so that SQLite must look twice:
    https://sqlite.org/json1.html#json5_extensions
    """
    return _COUNTS if sqlite_version < (3, 42) else _COUNTS + _IF_JSON


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
