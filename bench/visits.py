"""Many visits at once: each creates a recording, and sends its batches while all others do."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

BATCHES = 3
WRITERS = 8
SEED = 17

Step = tuple[str, int | None]
"""The id of a recording and the number of a batch; None creates the recording."""
Send = Callable[[Step], str]
"""Takes a step; returns the status of its answer."""


@dataclass(kw_only=True)
class Visits:
    """What was answered to them."""

    recordings: Sequence[str]
    elapsed_s: float = 0.0
    answered_s: list[float] = field(default_factory=list[float])
    statuses: Counter[str] = field(default_factory=Counter[str])
    """Answers, by status; of batches and of new recordings."""

    def refused(self, accepted: Sequence[str]) -> dict[str, int]:
        """Return how many answers had another status, by status."""
        return {one: n for one, n in sorted(self.statuses.items()) if one not in accepted}


def schedule(recordings: Sequence[str]) -> list[Step]:
    """Return the steps of all visits in the order of their moments.

    Visits start at random moments of a first period, and send a batch in each of the next, at
    random moments too. So all are open at once from the end of the first until the last period.
    """
    chance = random.Random(SEED)  # noqa: S311 - an order, not a secret
    moments: list[tuple[float, Step]] = []
    for recording in recordings:
        start = chance.random()
        moments.append((start, (recording, None)))
        moments += [
            (start + number + chance.uniform(0.5, 1.5), (recording, number))
            for number in range(BATCHES)
        ]
    return [step for _, step in sorted(moments, key=lambda moment: moment[0])]


def at_once(steps: Sequence[Step]) -> int:
    """Return the largest number of visits that are open between two steps.

    >>> at_once([("a", None), ("b", None), ("a", 2), ("c", None), ("b", 2), ("c", 2)])
    2
    """
    now = most = 0
    for _, number in steps:
        now += (number is None) - (number == BATCHES - 1)
        most = max(most, now)
    return most


def drive(recordings: int, sender: Callable[[], Send]) -> Visits:
    """Return the answers to so many visits; each of a few writers has a connection of its own."""
    visits = Visits(recordings=[str(uuid.uuid4()) for _ in range(recordings)])
    steps = iter(schedule(visits.recordings))
    taking = threading.Lock()
    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        for statuses, answered_s in pool.map(
            lambda send: _write(steps, taking, send), [sender() for _ in range(WRITERS)]
        ):
            visits.statuses += statuses
            visits.answered_s += answered_s
    visits.elapsed_s = time.monotonic() - began
    return visits


def _write(
    steps: Iterator[Step], taking: threading.Lock, send: Send
) -> tuple[Counter[str], list[float]]:
    statuses: Counter[str] = Counter()
    answered_s: list[float] = []
    while True:
        with taking:
            step = next(steps, None)
        if step is None:
            return statuses, answered_s
        sent = time.monotonic()
        statuses[send(step)] += 1
        answered_s.append(time.monotonic() - sent)
