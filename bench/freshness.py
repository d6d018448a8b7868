"""Time until a batch can be read, and whether each event is read once, in real time.

One process serves the sandbox; the writers and the readers are threads of this one.
"""

import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from bench.fresh import Fresh, fresh_sandbox
from bench.freshness_owners import Owner, User, site_of
from bench.percentile import percentile
from bench.table import Table, verdict

# Writers, readers and seconds of appending. Each writer has a recording of its own.
USER_LOADS = ((1, 1, 60.0), (20, 5, 300.0))
SITE_LOADS = ((1, 1, 60.0), (20, 5, 60.0))
BATCH_EVERY_S = 1.0
EVENTS_A_BATCH = 5
# Maximum time until Firehose has delivered everything.
LAST_PATIENCE_S = 120.0
UNTHROTTLED = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:operationLimits": "[]",
}


@dataclass
class Writer:
    """Appends batches to one recording."""

    http: httpx.Client
    owner: Owner
    recording_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    taken_at: list[float] = field(default_factory=list[float])
    """Time of the answer to each batch, a user's 202 or a site's 200."""
    refused: int = 0
    news: threading.Event = field(default_factory=threading.Event)
    """Set when a batch has been taken."""

    def run(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            sent = time.monotonic()
            batch = len(self.taken_at)
            now_ms = int(time.time() * 1000)
            lines = [
                json.dumps({"batch": batch, "n": n, "timestamp": now_ms + n})
                for n in range(EVENTS_A_BATCH)
            ]
            if self.owner.append(self.http, self.recording_id, batch, "\n".join(lines)):
                self.taken_at.append(time.monotonic())
                self.news.set()
            else:
                self.refused += 1
            time.sleep(max(0.0, BATCH_EVERY_S - (time.monotonic() - sent)))


@dataclass
class Reader:
    """Reads one recording with the cursor, again and again."""

    http: httpx.Client
    writer: Writer
    ages_s: list[float] = field(default_factory=list[float])
    """Seconds from the answer to a batch to the end of the answer that contained it."""
    events: int = 0
    faults: list[str] = field(default_factory=list[str])
    tails: dict[str, int] = field(default_factory=dict[str, int])
    """Number of answers by their `Tail` header."""
    cursor: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, done: threading.Event) -> None:
        """Read until all accepted events are read; give up `LAST_PATIENCE_S` after `done`."""
        last = float("inf")
        poll_every_s = self.writer.owner.poll_every_s
        while time.monotonic() < last:
            if poll_every_s is None:
                self.writer.news.wait(BATCH_EVERY_S)
                self.writer.news.clear()
            asked = time.monotonic()
            self._poll()
            taken = len(self.writer.taken_at) * EVENTS_A_BATCH
            if done.is_set():
                last = min(last, time.monotonic() + LAST_PATIENCE_S)
                if self.events >= taken:
                    return
            time.sleep(max(0.0, (poll_every_s or 0) - (time.monotonic() - asked)))
        self.faults.append(f"only {self.events} events were read")

    def _poll(self) -> None:
        answer = self.http.get(
            self.writer.owner.events_path(self.writer.recording_id),
            params=self.cursor,
            headers={"Accept": "application/gzip"},
        )
        now = time.monotonic()
        if answer.status_code != 200:
            self.faults.append(f"answer {answer.status_code}: {answer.text[:200]}")
            return
        self.cursor = {"cursor": answer.headers["Next-Cursor"]}
        tail = answer.headers["Tail"]
        self.tails[tail] = self.tails.get(tail, 0) + 1
        for line in answer.content.splitlines():
            event: dict[str, int] = json.loads(line)
            expected = divmod(self.events, EVENTS_A_BATCH)
            if (event["batch"], event["n"]) != expected:
                self.faults.append(f"got {event} instead of {expected}")
            self.events += 1
            if event["n"] == 0 and event["batch"] < len(self.writer.taken_at):
                self.ages_s.append(now - self.writer.taken_at[event["batch"]])


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The writers and readers of one load."""

    owner: Owner
    writers: tuple[Writer, ...]
    readers: tuple[Reader, ...]
    seconds: float

    @property
    def ages_s(self) -> list[float]:
        return [age for reader in self.readers for age in reader.ages_s]


@dataclass(frozen=True, kw_only=True)
class FreshnessResult:
    loads: tuple[Watched, ...]

    def tables(self) -> Sequence[Table]:
        return [
            Table(
                title="Seconds from the answer to a batch until it is read",
                columns=(
                    "<of",
                    ">writers",
                    ">readers",
                    ">seconds",
                    ">batches",
                    ">p50",
                    ">p95",
                    ">p99",
                    ">max",
                    "<aim p95",
                    "<answers by Tail",
                ),
                rows=[_row(load) for load in self.loads],
                notes=[
                    (
                        f"Each writer appends to its own recording every {BATCH_EVERY_S:.0f} s. A "
                        f"reader of a user's asks every {User.poll_every_s:.1f} s, which adds half "
                        "of that on average; Firehose has its buffer of 60 s. A reader of a site's "
                        "asks when a batch has been answered. Each event was checked to arrive "
                        "once and in order."
                    ),
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{len(load.writers)} writers of {load.owner.name}: {fault}"
            for load in self.loads
            for fault in (
                *(fault for reader in load.readers for fault in reader.faults[:3]),
                *(f"{one.refused} batches were refused" for one in load.writers if one.refused),
            )
        ]


def _row(load: Watched) -> tuple[str, ...]:
    ages = load.ages_s
    tails: dict[str, int] = {}
    for reader in load.readers:
        for tail, times in reader.tails.items():
            tails[tail] = tails.get(tail, 0) + times
    p95 = percentile(ages, 95)
    aim_s = load.owner.p95_aim_s
    return (
        load.owner.name,
        str(len(load.writers)),
        str(len(load.readers)),
        f"{load.seconds:.0f}",
        str(sum(len(writer.taken_at) for writer in load.writers)),
        *(f"{percentile(ages, percent):.2f}" for percent in (50, 95, 99, 100)),
        f"<= {aim_s:.1f} {verdict(met=p95 <= aim_s)}",
        ", ".join(f"{times} {tail}" for tail, times in sorted(tails.items())),
    )


def measure_freshness() -> FreshnessResult:
    """Return the delays until events were read, for each load."""
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        loads: list[tuple[Owner, tuple[int, int, float]]] = [
            *((User(), load) for load in USER_LOADS),
            *((site_of(sandbox), load) for load in SITE_LOADS),
        ]
        return FreshnessResult(loads=tuple(_watch(sandbox, owner, *load) for owner, load in loads))


def _watch(sandbox: Fresh, owner: Owner, writers: int, readers: int, seconds: float) -> Watched:
    groups = [str(site["group"]) for site in sandbox.exports["sites"].values()]
    auth = {"Authorization": f"Bearer {sandbox.id_token(groups)}"}
    with httpx.Client(
        base_url=sandbox.exports["apiUrl"],
        headers=auth,
        timeout=40,
        limits=httpx.Limits(max_connections=writers + readers),
    ) as http:
        writing = [Writer(http, owner) for _ in range(writers)]
        for writer in writing:
            owner.create(http, writer.recording_id)
        reading = [Reader(http, writer) for writer in writing[:readers]]
        done = threading.Event()
        write_threads = [
            threading.Thread(target=writer.run, args=(seconds,), daemon=True) for writer in writing
        ]
        read_threads = [
            threading.Thread(target=reader.run, args=(done,), daemon=True) for reader in reading
        ]
        for thread in (*write_threads, *read_threads):
            thread.start()
        for thread in write_threads:
            thread.join()
        done.set()
        for thread in read_threads:
            thread.join()
    return Watched(owner=owner, writers=tuple(writing), readers=tuple(reading), seconds=seconds)
