"""The command line of the measurements: `python -m bench [--only NAME]`."""

import argparse
import sys
from collections.abc import Sequence

from bench.run import MEASUREMENTS, run_bench


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 measured, 1 a request was refused or lost, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the sandbox and the program, each beside a reference.",
    )
    parser.add_argument(
        "--only", choices=MEASUREMENTS, metavar="NAME", help=", ".join(MEASUREMENTS)
    )
    return run_bench(parser.parse_args(arguments).only)


if __name__ == "__main__":
    sys.exit(main())
