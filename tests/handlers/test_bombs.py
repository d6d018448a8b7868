"""What a hostile client may store costs a page neither its time nor its memory."""

import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.given import envelope

# Of CPU, on a machine that does other things; API Gateway waits 29 s.
SLOWEST_PAGE_S = 20.0
PEAK_MIB = 256
MIB = 1024 * 1024


def zipped(pieces: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def repeated(text: bytes, size: int, start: bytes = b"", end: bytes = b"") -> bytes:
    """Return gzip of so many bytes of `text`, which never are in memory all at once."""
    many = text * (MIB // len(text))

    def pieces() -> Iterator[bytes]:
        yield start
        for _ in range(size // len(many)):
            yield many
        yield end

    return zipped(pieces())


def large(*bodies: bytes) -> dict[str, bytes]:
    return {f"large:{number}": body for number, body in enumerate(bodies)}


def delivery(*lines: bytes, copies: int = 1) -> dict[str, bytes]:
    """Return one object of Firehose's with that many copies of the lines."""
    text = b"".join(line + b"\n" for line in lines)
    name = "stream:events-1-2027-01-15-08-00-00-00000000-0000-0000-0000-000000000001.gz"
    return {name: zipped(text for _ in range(copies))}


def tiny_envelopes(count: int) -> dict[str, bytes]:
    return delivery(
        *(
            envelope(
                b'{"n":%d}' % number,
                None,
                receivedAtMs=1_700_000_000_000 + number,
                requestId=str(number),
            )
            for number in range(count)
        )
    )


def inflating(count: int, body: bytes) -> dict[str, bytes]:
    """Return an object with so many small batches that are large when they are opened."""
    sent = gzip.compress(body)
    return delivery(*(envelope(sent, number, encoding="gzip") for number in range(count)))


BOMBS: dict[str, Callable[[], dict[str, bytes]]] = {
    "11 million events in 32 kB": lambda: large(repeated(b"{}\n", 32 * MIB)),
    "a thousand batches that inflate a thousand times": lambda: inflating(
        60, b'{"a":"%s"}\n' % (b"x" * 20 * MIB)
    ),
    "200,000 gzip members": lambda: large(gzip.compress(b"") * 200_000),
    "a line of 100 MB in a delivery": lambda: {
        "stream:1.gz": repeated(b"x", 100 * MIB),
    },
    "a line of 100 MB in a batch": lambda: large(repeated(b"x", 100 * MIB, b'{"a":"', b'"}\n')),
    "a long line with an emoji": lambda: large(
        repeated(b"x", 30 * MIB, '{"a":"\U0001f600'.encode(), b'"}\n')
    ),
    "a long array with an emoji": lambda: large(
        repeated(b"x", 30 * MIB, '[{"a":"\U0001f600'.encode(), b'"}]')
    ),
    "deep objects": lambda: large(repeated(b'{"a":', 30 * MIB)),
    "an event of many lists": lambda: large(repeated(b"[],", 30 * MIB, b'{"a":[', b"[]]}")),
    "an array of many lists": lambda: large(repeated(b"[],", 30 * MIB, b"[", b"[]]")),
    "long numbers": lambda: large(repeated(b"1" * 4299 + b",", 30 * MIB, b"[", b"1]")),
    "lines that are no events": lambda: large(repeated(b"x\n", 30 * MIB)),
    "many bodies that are no events": lambda: inflating(100, b"x\n" * 90_000),
    "many tiny envelopes without sequence": lambda: tiny_envelopes(40_000),
    "one envelope very often": lambda: delivery(envelope(b"{}"), copies=60_000),
    "equal timestamps in many batches": lambda: delivery(
        *(
            envelope(b'{"timestamp":1,"n":%d}\n' % number, number, requestId=str(number))
            for number in range(10_000)
        )
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_page_ends_in_time_and_in_little_memory(bomb: str, tmp_path: Path) -> None:
    for name, data in BOMBS[bomb]().items():
        (tmp_path / name).write_bytes(data)

    said = subprocess.run(
        [sys.executable, "-m", "tests.handlers.bombs", tmp_path],
        capture_output=True,
        check=True,
        timeout=600,
    )

    took: dict[str, Any] = json.loads(said.stdout)
    assert took["slowest_s"] < SLOWEST_PAGE_S
    assert took["peak_mib"] < PEAK_MIB
