"""The reader's answer, where browsers behave in their own way."""

import base64
import zlib

from handlers.answer_body import GzipBody


# Seen in Chromium: of a gzip answer of several members it reads the first one alone.
def test_a_gzip_answer_is_one_member() -> None:
    body = GzipBody()
    lines = [b'{"n": %d}\n' % number for number in range(100_000)]
    first = b"".join(lines[:50_000])
    assert body.take(first) == len(first)
    assert all(body.take(line) for line in lines[50_000:])

    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    whole = inflate.decompress(base64.b64decode(body.text()))
    assert (whole, inflate.eof, inflate.unused_data) == (
        b"".join(lines),
        True,
        b"",
    )
