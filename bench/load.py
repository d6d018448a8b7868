"""Writers that send one request after the other, each as soon as the last one is answered."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

NO_ANSWER = "no answer"
TIMEOUT_S = 40
# A writer without an answer waits before it tries again, or it would starve the others.
PAUSE_S = 0.1

Send = Callable[[], str]
"""Sends one request; returns the status of its answer, such as `202`, or `NO_ANSWER`."""


@dataclass(kw_only=True)
class Load:
    """What was answered, and how fast."""

    expected: str
    """The status of an answer that counts."""
    elapsed_s: float = 0.0
    answered_s: list[float] = field(default_factory=list[float])
    """How long each answer took that counts."""
    statuses: Counter[str] = field(default_factory=Counter[str])
    """All answers, by status."""

    @property
    def per_second(self) -> float:
        return len(self.answered_s) / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def others(self) -> dict[str, int]:
        """How many answers were not the expected one, by status."""
        return {status: n for status, n in sorted(self.statuses.items()) if status != self.expected}

    def add(self, other: "Load") -> None:
        """Add a later measurement under the same conditions."""
        self.elapsed_s += other.elapsed_s
        self.answered_s += other.answered_s
        self.statuses += other.statuses


def drive(writers: Sequence[Send], seconds: float, expected: str) -> Load:
    """Return the answers to concurrent writers within so many seconds, at least one each."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(writers)) as pool:
        until = began + seconds
        loads = list(pool.map(partial(_drive_one, until=until, expected=expected), writers))
    together = Load(expected=expected)
    for load in loads:
        together.add(load)
    together.elapsed_s = time.monotonic() - began
    return together


def _drive_one(send: Send, *, until: float, expected: str) -> Load:
    load = Load(expected=expected)
    began = time.monotonic()
    while not load.statuses or began < until:
        status = send()
        load.statuses[status] += 1
        if status == expected:
            load.answered_s.append(time.monotonic() - began)
        elif status == NO_ANSWER:
            time.sleep(PAUSE_S)
        began = time.monotonic()
    return load


class Connection:
    """A connection that is kept open: plain `http.client`, which costs a client least."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._http = HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)

    def post(self, path: str, headers: dict[str, str], body: bytes) -> str:
        """Return the status of the answer to a POST, or `NO_ANSWER`."""
        return self.send("POST", path, headers, body)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> str:
        """Return the status of the answer, or `NO_ANSWER`; its body is read and dropped."""
        try:
            self._http.request(method, path, body, headers)
            answer = self._http.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self._http.close()
            return NO_ANSWER
        return str(answer.status)
