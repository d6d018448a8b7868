"""A stack's exports: from Pulumi, or from a file such as the sandbox's `outputs.json`."""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any


class OutputsError(RuntimeError):
    """The exports cannot be read; the message says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `outputs_of` reads."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--stack", metavar="NAME", help="name of the stack in Pulumi")
    source.add_argument("--outputs", type=Path, metavar="FILE", help="its exports, as JSON")


def outputs_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the exports.

    Raises:
        OutputsError: Pulumi does not know the stack, or the file cannot be read.
    """
    if options.outputs:
        try:
            return json.loads(options.outputs.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise OutputsError(f"{options.outputs} holds no exports: {error}") from error
    command = ["pulumi", "stack", "output", "--json", "--stack", options.stack]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except FileNotFoundError as error:
        raise OutputsError("pulumi is not installed: see docs/deploy.md") from error
    except subprocess.CalledProcessError as error:
        raise OutputsError(f"{' '.join(command)} failed: {error.stderr.strip()}") from error
    return json.loads(result.stdout)
