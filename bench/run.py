"""Runs the measurements, one after the other, and prints their results."""

import os
import platform
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bench.appends import measure_appends
from bench.assets import measure_assets
from bench.deployment import measure_deployment
from bench.freshness import measure_freshness
from bench.list_page import measure_list_page
from bench.reading import measure_reading
from bench.recorder import measure_recorder
from bench.site import measure_site
from bench.sites import measure_sites
from bench.start import measure_start
from bench.table import Result

MEASUREMENTS: Mapping[str, Callable[[], Result]] = MappingProxyType(
    {
        "start": measure_start,
        "appends": measure_appends,
        "deployment": measure_deployment,
        "reading": measure_reading,
        "assets": measure_assets,
        "freshness": measure_freshness,
        "site": measure_site,
        "sites": measure_sites,
        "list-page": measure_list_page,
        "recorder": measure_recorder,
    }
)
"""By name, as `--only` takes it."""


def run_bench(
    only: str | None = None, instead: Mapping[str, Callable[[], Result]] = MappingProxyType({})
) -> int:
    """Return the exit code: 1 if a measurement failed, whatever its figures are.

    Args:
        only: Name of the one measurement to run; None for all.
        instead: Measurements that differ by an option, by name.
    """
    print(
        f"On {os.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}.",
        flush=True,
    )
    failures: list[str] = []
    for name, measure in MEASUREMENTS.items():
        if only not in (None, name):
            continue
        result = instead.get(name, measure)()
        for table in result.tables():
            print(f"\n{table.text()}", flush=True)
        failures += [f"{name}: {failure}" for failure in result.failures()]
    for failure in failures:
        print(f"bench: {failure}", file=sys.stderr)
    return 1 if failures else 0
