"""Time until an event can be read, and whether each is read once, with Firehose's real buffer.

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
from bench.percentile import percentile
from bench.table import Table, verdict

# Writers, readers and seconds of appending. Each writer has a recording of its own.
LOADS = ((1, 1, 60.0), (20, 5, 300.0))
BATCH_EVERY_S = 1.0
POLL_EVERY_S = 1.1  # so that readers and writers are not in lockstep
EVENTS_A_BATCH = 5
P95_AIM_S = 2.0
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
    recording_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    taken_at: list[float] = field(default_factory=list[float])
    """Time of each batch's 202."""
    refused: int = 0

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
            answer = self.http.post(
                f"/recordings/{self.recording_id}/events",
                content="\n".join(lines),
                headers={"Content-Type": "application/x-ndjson", "Batch-Sequence": str(batch)},
            )
            if answer.status_code == 202:
                self.taken_at.append(time.monotonic())
            else:
                self.refused += 1
            time.sleep(max(0.0, BATCH_EVERY_S - (time.monotonic() - sent)))


@dataclass
class Reader:
    """Polls one recording with the cursor."""

    http: httpx.Client
    writer: Writer
    ages_s: list[float] = field(default_factory=list[float])
    """Seconds from a batch's 202 to the end of the answer that contained it."""
    events: int = 0
    faults: list[str] = field(default_factory=list[str])
    tails: dict[str, int] = field(default_factory=dict[str, int])
    """Number of answers by their `Tail` header."""
    cursor: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, done: threading.Event) -> None:
        """Poll until all accepted events are read; give up `LAST_PATIENCE_S` after `done`."""
        last = float("inf")
        while time.monotonic() < last:
            asked = time.monotonic()
            self._poll()
            taken = len(self.writer.taken_at) * EVENTS_A_BATCH
            if done.is_set():
                last = min(last, time.monotonic() + LAST_PATIENCE_S)
                if self.events >= taken:
                    return
            time.sleep(max(0.0, POLL_EVERY_S - (time.monotonic() - asked)))
        self.faults.append(f"only {self.events} events were read")

    def _poll(self) -> None:
        answer = self.http.get(
            f"/recordings/{self.writer.recording_id}/events",
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
                title="Seconds from an event's 202 until it is read, with Firehose's 60 s buffer",
                columns=(
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
                        f"Each writer appends to its own recording every {BATCH_EVERY_S:.0f} s; "
                        f"each reader polls one recording every {POLL_EVERY_S:.1f} s, which adds "
                        "half of that on average. Each event was checked to arrive once and in "
                        "order."
                    ),
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{len(load.writers)} writers: {fault}"
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
    return (
        str(len(load.writers)),
        str(len(load.readers)),
        f"{load.seconds:.0f}",
        str(sum(len(writer.taken_at) for writer in load.writers)),
        *(f"{percentile(ages, percent):.2f}" for percent in (50, 95, 99, 100)),
        f"<= {P95_AIM_S:.0f} {verdict(met=p95 <= P95_AIM_S)}",
        ", ".join(f"{times} {tail}" for tail, times in sorted(tails.items())),
    )


def measure_freshness() -> FreshnessResult:
    """Return the delays until events were read, for each load."""
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        return FreshnessResult(loads=tuple(_watch(sandbox, *load) for load in LOADS))


def _watch(sandbox: Fresh, writers: int, readers: int, seconds: float) -> Watched:
    auth = {"Authorization": f"Bearer {sandbox.id_token()}"}
    with httpx.Client(
        base_url=sandbox.exports["apiUrl"],
        headers=auth,
        timeout=40,
        limits=httpx.Limits(max_connections=writers + readers),
    ) as http:
        writing = [Writer(http) for _ in range(writers)]
        for writer in writing:
            http.put(f"/recordings/{writer.recording_id}", json={}).raise_for_status()
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
    return Watched(writers=tuple(writing), readers=tuple(reading), seconds=seconds)
