"""How long it takes to read a long recording, beside the original's way, and the bound."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.hour import Hour, write_hour
from bench.reading_ways import S3_S
from bench.table import RULE, Table, verdict
from sandbox.program import PROJECT

HOUR_BYTES = 50_000_000
HOUR_OBJECTS = (60, 600)
GROWTH_OBJECTS = (10, 100, 1000)
GROWTH_OBJECT_BYTES = 40_000
MEMORY_AIM_MB = 256
FIRST_CALLS_AIM = 6
OVER_ORIGINAL_AIM = 8.0
OVER_BOUND_AIM = 2.0
SITE_OVER_BOUND_AIM = 1.3
# What boto3 needs of a processor for one GET, measured on a machine of this kind.
BOTO3_CALL_S = 0.0012
RUNS = 3
TIMEOUT_S = 300


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way, the fastest of several runs."""

    first_s: float
    all_s: float
    cpu_s: float
    """Of all threads, where `all_s` has waits in it."""
    first_calls: int
    calls: int
    pages: int
    events: int
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class HourRead:
    hour: Hour
    ours: Reading
    of_site: Reading
    original: Reading
    bound: Reading


@dataclass(frozen=True, kw_only=True)
class ReadingResult:
    hours: tuple[HourRead, ...]
    growth: tuple[tuple[int, Reading], ...]

    def tables(self) -> Sequence[Table]:
        return [*map(_hour_table, self.hours), self._growth_table()]

    def failures(self) -> Sequence[str]:
        return [
            f"{name} gave {reading.events:,} of {one.hour.events:,} events"
            for one in self.hours
            for name, reading in (
                ("ours", one.ours),
                ("ours, of a site", one.of_site),
                ("the original's way", one.original),
                ("the bound", one.bound),
            )
            if reading.events != one.hour.events
        ]

    def _growth_table(self) -> Table:
        base_objects, base = self.growth[0]
        return Table(
            title=f"Ours by the number of objects, each of {GROWTH_OBJECT_BYTES:,} bytes of JSON",
            columns=(
                ">objects",
                ">first page s",
                ">all s",
                ">ms an object",
                ">of the first row",
                ">peak MB",
            ),
            rows=[
                (
                    str(objects),
                    f"{one.first_s:.2f}",
                    f"{one.all_s:.2f}",
                    f"{one.all_s / objects * 1000:.1f}",
                    f"{(one.all_s / objects) / (base.all_s / base_objects):.2f}",
                    f"{one.peak_bytes / 1e6:.0f}",
                )
                for objects, one in self.growth
            ],
        )


def measure_reading() -> ReadingResult:
    """Return how long recordings are read, each way in fresh processes."""
    with tempfile.TemporaryDirectory(prefix="rrweb-bench-") as name:
        folder = Path(name)
        return ReadingResult(
            hours=tuple(_read_hour(folder, objects) for objects in HOUR_OBJECTS),
            growth=tuple((objects, _growth(folder, objects)) for objects in GROWTH_OBJECTS),
        )


def _read_hour(folder: Path, objects: int) -> HourRead:
    place = folder / f"hour-{objects}"
    place.mkdir()
    hour = write_hour(place, objects=objects, text_bytes=HOUR_BYTES)
    return HourRead(
        hour=hour,
        ours=_best("by_page", hour.deliveries),
        of_site=_best("by_number", hour.plain),
        original=_best("one_after_another", hour.plain),
        bound=_best("as_one_object", hour.whole),
    )


def _growth(folder: Path, objects: int) -> Reading:
    place = folder / f"growth-{objects}"
    place.mkdir()
    hour = write_hour(place, objects=objects, text_bytes=objects * GROWTH_OBJECT_BYTES, batches=1)
    return _best("by_page", hour.deliveries)


def _best(way: str, path: Path) -> Reading:
    return min((_run(way, path) for _ in range(RUNS)), key=lambda reading: reading.all_s)


def _run(way: str, path: Path) -> Reading:
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.reading_ways", way, str(path)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        timeout=TIMEOUT_S,
    )
    said = json.loads(run.stdout)
    return Reading(**{name: said[name] for name in Reading.__dataclass_fields__})


def _hour_table(one: HourRead) -> Table:
    hour = one.hour
    rows = [
        ("a user's", one.ours),
        ("a site's", one.of_site),
        ("(a) original's", one.original),
        ("(b) bound", one.bound),
    ]
    of_site, ours, over, under = one.of_site, one.ours, one.original.all_s, one.bound.all_s
    faster, slower = over / ours.all_s, ours.all_s / under
    site_slower = of_site.all_s / under
    return Table(
        title=(
            f"Reading back {hour.text_bytes / 1e6:.0f} MB of JSON, {hour.events:,} events, "
            f"{hour.objects} objects, S3 {S3_S * 1000:.0f} ms away"
        ),
        columns=("<way", ">first page s", ">all s", ">cpu s", ">S3 calls", ">pages", ">peak MB"),
        rows=[
            *(
                (
                    way,
                    f"{reading.first_s:.2f}",
                    f"{reading.all_s:.2f}",
                    f"{reading.cpu_s:.2f}",
                    f"{reading.first_calls} / {reading.calls}",
                    str(reading.pages),
                    f"{reading.peak_bytes / 1e6:.0f}",
                )
                for way, reading in rows
            ),
            RULE,
        ],
        notes=[
            (
                "S3 calls: for the first page / for all. (a): list, then one object after "
                "another, whole, which no Lambda answer could carry. (b): the same events as one "
                f"object, gunzipped and gzipped once. Fastest of {RUNS} runs."
            ),
            (
                f"Calls for the first page: {ours.first_calls}, aim <= {FIRST_CALLS_AIM}: "
                f"{verdict(met=ours.first_calls <= FIRST_CALLS_AIM)}."
            ),
            (
                f"All, as fast as (a): {faster:.1f} times, aim >= {OVER_ORIGINAL_AIM:.0f}: "
                f"{verdict(met=faster >= OVER_ORIGINAL_AIM)}. First page: "
                f"{over / ours.first_s:.1f} times. (a) is {over / under:.1f} times as long as (b), "
                f"and {OVER_ORIGINAL_AIM:.0f} times from about {_objects_for_the_aim(one)} "
                "objects on: with fewer, not even (b) meets this aim."
            ),
            (
                f"All, as long as (b): {slower:.1f} times, aim <= {OVER_BOUND_AIM:.0f}: "
                f"{verdict(met=slower <= OVER_BOUND_AIM)}. By the processor alone "
                f"{ours.cpu_s / one.bound.cpu_s:.1f} times, which counts where there is only one; "
                f"boto3's own part, some {ours.calls * BOTO3_CALL_S:.1f} s more, is in neither."
            ),
            (
                f"A site's, as long as (b): {site_slower:.1f} times, aim <= "
                f"{SITE_OVER_BOUND_AIM:.1f}: "
                f"{verdict(met=site_slower <= SITE_OVER_BOUND_AIM)}. Its first page lists "
                f"once and asks for {of_site.first_calls - 1} objects meanwhile: 1 trip to S3."
            ),
            (
                f"Peak memory, Python and boto3 included: {ours.peak_bytes / 1e6:.0f} MB, aim < "
                f"{MEMORY_AIM_MB}: {verdict(met=ours.peak_bytes < MEMORY_AIM_MB * 1e6)}."
            ),
        ],
    )


def _objects_for_the_aim(one: HourRead) -> int:
    """Return from how many objects on (a), which waits for each, is long enough against (b)."""
    without_objects_s = one.original.all_s - one.hour.objects * S3_S
    return round((OVER_ORIGINAL_AIM * one.bound.all_s - without_objects_s) / S3_S)
