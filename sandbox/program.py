"""Runs the Pulumi program under mocks, with the configuration that the Pulumi CLI would pass."""

import asyncio
import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import yaml
from google.protobuf import empty_pb2, json_format
from pulumi.runtime import Mocks, resource, set_all_config, set_mocks
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto.source_pb2 import StackTrace
from pulumi.runtime.settings import ROOT, SETTINGS
from pulumi.runtime.stack import run_in_stack

from components.release.release import release_of

PROJECT = Path(__file__).parent.parent
STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
# Pulumi's name for the owner of the stacks in a state that is kept in a bucket.
ORGANIZATION = "organization"

Exports = dict[str, Any]
"""A stack's exports, as plain JSON."""


def full_name(stack: str) -> str:
    """Return the name by which another stack refers to it, if the state is in a bucket."""
    return f"{ORGANIZATION}/rrweb-store/{stack}"


def proven_source(project: Path = PROJECT) -> Exports:
    """Return exports of a preceding stage that has verified this release."""
    release = release_of(project)
    return {"release": release, "verifiedReleases": [release]}


class ConfigError(ValueError):
    """The stack's configuration does not match `Pulumi.yaml`; the message names the key."""


def stack_config(stack: str, project: Path = PROJECT) -> dict[str, str]:
    """Return the stack's configuration, the defaults of `Pulumi.yaml` included, as strings.

    Keys contain their namespace (`rrweb-store:shardCount`, `aws:region`); other types are JSON.

    Raises:
        ConfigError: `Pulumi.<stack>.yaml` does not exist, or sets a key that is not declared.
    """
    declared = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    file = project / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        known = sorted(path.name.split(".")[1] for path in project.glob("Pulumi.*.yaml"))
        raise ConfigError(
            f"no configuration for stack {stack!r}; there is one for: {', '.join(known)}"
        )
    namespace = declared["name"]
    values: dict[str, object] = {}
    for key, declaration in declared["config"].items():
        full = key if ":" in key else f"{namespace}:{key}"
        value = declaration.get("value", declaration.get("default"))
        if value is not None:
            values[full] = value
    own: dict[str, dict[str, object]] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    for key, value in own.get("config", {}).items():
        if key.startswith(f"{namespace}:") and key.split(":", 1)[1] not in declared["config"]:
            raise ConfigError(f"{file.name} sets {key}, which Pulumi.yaml does not declare")
        values[key] = value
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()
    }


class _OutputsMonitor(MockMonitor):
    """A mock monitor that also keeps the stack's exports."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.exports: dict[str, Any] = {}

    def RegisterResourceOutputs(self, request: Any) -> empty_pb2.Empty:  # noqa: N802 - Pulumi's name
        # A component's outputs may come later, and its URN begins with the type of the stack.
        if request.urn.split("::")[2] == STACK:
            self.exports = json_format.MessageToDict(request.outputs)
        return empty_pb2.Empty()


def _ignore_error(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
    pass


def run_program(
    mocks: Mocks,
    program: Callable[[], None],
    *,
    stack: str,
    config: dict[str, str],
    project: str = "rrweb-store",
) -> dict[str, Any]:
    """Return the exports of `program`, once `mocks` has created all of its resources.

    Raises:
        Exception: The first exception of the program or a mock.
    """
    monitor = _OutputsMonitor(mocks)
    # Leftovers of an earlier program that failed belong to a closed event loop.
    settings = cast("Any", SETTINGS)  # a class that makes its attributes as it goes
    settings.rpc_manager.clear()
    settings.outputs.clear()

    async def run() -> None:
        # One failure of a program fails many tasks. The first one is raised; the others would be
        # logged when they are collected. Pulumi's own host silences them, too.
        asyncio.get_running_loop().set_exception_handler(_ignore_error)
        set_mocks(
            mocks,
            project=project,
            stack=stack,
            preview=False,
            monitor=monitor,
            organization=ORGANIZATION,
        )
        ROOT.set(None)  # the mocks' own stack is closed already and keeps no exports
        running = asyncio.ensure_future(run_in_stack(lambda: watched(running)))
        await asyncio.wait([running])
        if failures:
            raise failures[0]
        await running

    failures: list[BaseException] = []

    def watched(running: asyncio.Future[None]) -> None:
        try:
            program()
        except BaseException as failure:
            # Pulumi would first register all that a failed program has begun.
            failures.append(failure)
            running.cancel()
            raise

    set_all_config(config)
    # For each resource Pulumi walks up the stack, to tell its CLI the line that made it.
    with patch.object(resource, "_get_stack_trace", StackTrace):
        asyncio.run(run())
    return monitor.exports


def main_program(project: Path = PROJECT) -> Callable[[], None]:
    """Return the project's `__main__.py` as a program for `run_program`."""

    def program() -> None:
        if str(project) not in sys.path:
            sys.path.insert(0, str(project))
        runpy.run_path(str(project / "__main__.py"), run_name="__main__")

    return program
