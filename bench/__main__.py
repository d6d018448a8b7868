"""The command line of the measurements: `python -m bench [--only NAME]`."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from bench.run import MEASUREMENTS, run_bench
from bench.sites import RECORDINGS, measure_sites


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 measured, 1 a request was refused or lost, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the sandbox and the program, each beside a reference.",
    )
    parser.add_argument(
        "--only", choices=MEASUREMENTS, metavar="NAME", help=", ".join(MEASUREMENTS)
    )
    parser.add_argument(
        "--recordings",
        type=int,
        default=RECORDINGS,
        metavar="N",
        help=f"recordings of a site at once, in sites; {RECORDINGS:,} by default",
    )
    given = parser.parse_args(arguments)
    if given.recordings < 1:
        parser.error(f"--recordings must be at least 1, got {given.recordings}")
    return run_bench(given.only, {"sites": partial(measure_sites, given.recordings)})


if __name__ == "__main__":
    sys.exit(main())
