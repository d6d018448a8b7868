"""Reads what a test has stored in a process of its own, and prints what that took.

`python -m tests.handlers.bombs FOLDER` takes each file for an object of one recording, under its
name with `:` for `/`, and prints a line of JSON.
"""

import gc
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from handlers.answer_body import GzipBody
from handlers.cursor import cursor_from, position_from
from handlers.position import START
from tests.handlers.fakes import Cloud
from tests.handlers.given import RECORDING_ID

MAX_PAGES = 2


def read(folder: Path) -> dict[str, object]:
    """Return what reading the first pages took, and what they gave."""
    cloud = Cloud()
    an_hour_ago = time.time() - 3600
    for file in sorted(folder.iterdir()):
        cloud.s3.put(file.name.replace(":", "/"), file.read_bytes(), modified=an_hour_ago)
    reader = replace(cloud.reader(), clock=time.time)
    position, has_more = START, True
    slowest_s, skipped, body_bytes = 0.0, 0, 0
    cursors: set[str] = set()
    while has_more and len(cursors) < MAX_PAGES:
        gc.disable()  # as the function does
        started = time.process_time()
        body = GzipBody()
        page = reader.page(position, body)
        cursor = cursor_from(page.position, RECORDING_ID)
        slowest_s = max(slowest_s, time.process_time() - started)
        position, has_more = position_from(cursor, RECORDING_ID), page.has_more
        if cursor in cursors:
            raise AssertionError("a page that goes on from where it began")
        cursors.add(cursor)
        skipped += page.skipped
        body_bytes += body.size
        gc.enable()
    return {
        "pages": len(cursors),
        "slowest_s": slowest_s,
        "skipped": skipped,
        "bytes": body_bytes,
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    """Return the most memory that this process had; `ru_maxrss` would count its parent's too.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1]))))
