"""One way to read a recording, in a process of its own: `python -m bench.reading_ways`.

Takes the way and the paths; says on one line of JSON how long it took and how much memory.
S3 is the files, each call of which takes as long as S3 does.
"""

import base64
import gc
import gzip
import json
import os
import sys
import time
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.hour import PREFIX, RECORDING
from bench.memory import memory_of
from handlers.answer_body import GzipBody
from handlers.get_events import SWITCH_INTERVAL_S
from handlers.gunzip import GZIP_WBITS
from handlers.kinesis_tail import RecordingTail, Tail
from handlers.numbered_objects import NumberedObjects
from handlers.position import START
from handlers.recording_page import RecordingReader
from handlers.stored_objects import RecordingObjects

S3_S = 0.030
# The level of our own answers.
ANSWER_GZIP_LEVEL = 1
_LIST_SIZE = 1000


class FileS3:
    """S3 with the files of one folder under a prefix, 30 ms away."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._prefix = prefix
        self._names = sorted(file.name for file in folder.iterdir())
        self._folder = folder
        self.calls = 0

    def list_objects_v2(self, **request: Any) -> Mapping[str, Any]:
        self._travel()
        after = request.get("ContinuationToken") or request.get("StartAfter", "")
        keys = [key for name in self._names if (key := f"{self._prefix}{name}") > after]
        page = keys[: request.get("MaxKeys", _LIST_SIZE)]
        more = len(keys) > len(page)
        return {
            "IsTruncated": more,
            **({"NextContinuationToken": page[-1]} if more else {}),
            "Contents": [
                {
                    "Key": key,
                    "LastModified": datetime(2026, 9, 22, tzinfo=UTC),
                    "Size": self._file(key).stat().st_size,
                }
                for key in page
            ],
        }

    def get_object(self, **request: str) -> Mapping[str, Any]:
        self._travel()
        file = self._file(request["Key"])
        return {"Body": file.open("rb"), "ContentLength": file.stat().st_size}

    def _file(self, key: str) -> Path:
        return self._folder / key.rpartition("/")[2]

    def _travel(self) -> None:
        self.calls += 1
        time.sleep(S3_S)


class _IdleStream:
    """Kinesis with nothing in it."""

    def list_shards(self, **_request: Any) -> Mapping[str, Any]:
        return {"Shards": []}

    def get_shard_iterator(self, **request: Any) -> Mapping[str, Any]:
        raise NotImplementedError

    def get_records(self, **request: Any) -> Mapping[str, Any]:
        raise NotImplementedError


class Clock:
    """How long it has been, and how much of the processors this process has had in that time."""

    def __init__(self) -> None:
        self._began = (time.perf_counter(), time.process_time())

    def took(self) -> dict[str, float]:
        return {
            "all_s": time.perf_counter() - self._began[0],
            "cpu_s": time.process_time() - self._began[1],
        }

    def leave_out(self, other: "Clock") -> None:
        """Forget what has been since `other` began."""
        took = other.took()
        self._began = (self._began[0] + took["all_s"], self._began[1] + took["cpu_s"])


def by_page(folder: Path) -> dict[str, float]:
    """Read a user's recording as the function does: page by page, each as an answer."""
    s3 = FileS3(folder, f"{PREFIX}stream/")
    objects = RecordingObjects(s3, "bucket", PREFIX, RECORDING)
    tail = RecordingTail(Tail(_IdleStream(), "arn", buffer_seconds=60), RECORDING)
    return _paged(RecordingReader(objects, tail), s3)


def by_number(folder: Path) -> dict[str, float]:
    """Read a site's batches as the function does."""
    prefix = f"{PREFIX}batch/"
    s3 = FileS3(folder, prefix)
    return _paged(RecordingReader(NumberedObjects(s3, "bucket", prefix), tail=None), s3)


def _paged(reader: RecordingReader, s3: FileS3) -> dict[str, float]:
    clock = Clock()
    found: dict[str, float] = {"pages": 0, "answer_bytes": 0}
    position, has_more = START, True
    events = 0
    while has_more:
        page = reader.page(position, GzipBody())
        position, has_more = page.position, page.has_more
        found["pages"] += 1
        found["answer_bytes"] += len(page.body)
        if found["pages"] == 1:
            found["first_s"] = clock.took()["all_s"]
            found["first_calls"] = s3.calls
        client = Clock()
        events += zlib.decompress(base64.b64decode(page.body), GZIP_WBITS).count(b"\n")
        clock.leave_out(client)
    return {**found, **clock.took(), "calls": s3.calls, "events": events}


def one_after_another(folder: Path) -> dict[str, float]:
    """Read as the original did: list, then one object after another, then answer with the whole."""
    s3 = FileS3(folder, PREFIX)
    clock = Clock()
    answer = s3.list_objects_v2()
    keys = [found["Key"] for found in answer["Contents"]]
    while answer["IsTruncated"]:
        answer = s3.list_objects_v2(ContinuationToken=answer["NextContinuationToken"])
        keys += [found["Key"] for found in answer["Contents"]]
    text = b"".join(gzip.decompress(s3.get_object(Key=key)["Body"].read()) for key in keys)
    return _whole(text, clock, s3.calls)


def as_one_object(file: Path) -> dict[str, float]:
    """Read the same events as one object, gunzip and gzip once: nothing can be faster."""
    clock = Clock()
    time.sleep(S3_S)
    return _whole(gzip.decompress(file.read_bytes()), clock, 1)


def _whole(text: bytes, clock: Clock, calls: int) -> dict[str, float]:
    packed = zlib.compress(text, ANSWER_GZIP_LEVEL, GZIP_WBITS)
    body = base64.b64encode(packed)
    took = clock.took()
    return {
        **took,
        "first_s": took["all_s"],
        "pages": 1,
        "calls": calls,
        "first_calls": calls,
        "answer_bytes": len(body),
        "events": text.count(b"\n"),
    }


WAYS = {way.__name__: way for way in (by_page, by_number, one_after_another, as_one_object)}


def main(way: str, path: str) -> None:
    """Print what one way took, and this process's peak of memory, 0 where it cannot be told."""
    gc.disable()  # as the function does, and:
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    found = WAYS[way](Path(path))
    memory = memory_of(os.getpid(), with_children=False)
    print(json.dumps({**found, "peak_bytes": memory.peak_bytes if memory else 0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
