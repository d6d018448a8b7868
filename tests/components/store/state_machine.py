"""Runs a state machine on a bucket and a table in memory, by MiniStack's interpreter."""

import copy
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest
from ministack.services import stepfunctions

from sandbox.step_functions import expressions

_ENGINE: Any = stepfunctions
expressions.install()
MACHINE_ARN = "arn:aws:states:eu-west-1:000000000000:stateMachine:erasure"


# The error of the call of this number and action; None if it is answered.
Refuses = Callable[[int, str], str | None]


class RefusedError(Exception):
    """A service refuses a call; the first argument is the error's name."""


@dataclass(kw_only=True)
class World:
    """A bucket and a table, which a test can let refuse calls."""

    objects: dict[str, int] = field(default_factory=dict[str, int])
    """Size by key."""
    written: dict[str, Any] = field(default_factory=dict[str, Any])
    """What putObject was given, by key."""
    items: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict[tuple[str, str], dict[str, Any]]
    )
    refuses: Refuses = lambda _, __: None
    stubborn: set[str] = field(default_factory=set[str])
    """Keys that S3 does not delete."""
    after_wait: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def item(self, owner: str, recording_id: str, **members: Any) -> None:
        self.items[owner, recording_id] = {
            "owner": {"S": owner},
            "recordingId": {"S": recording_id},
            "createdAtMs": {"N": "1"},
            **members,
        }

    def call(self, action: str, given: dict[str, Any]) -> Any:
        with self._lock:
            self.calls.append(action)
            if error := self.refuses(len(self.calls), action):
                raise RefusedError(error)
            return copy.deepcopy(getattr(self, f"_{action}")(**given))

    def _listObjectsV2(self, *, Bucket: str, Prefix: str, MaxKeys: int) -> Any:  # noqa: N802, N803
        assert Bucket == "recordings"
        keys = sorted(key for key in self.objects if key.startswith(Prefix))[:MaxKeys]
        found = [{"Key": key, "Size": self.objects[key], "ETag": "x"} for key in keys]
        # AWS leaves out a list without members.
        return {"KeyCount": len(keys), **({"Contents": found} if found else {})}

    def _deleteObjects(self, *, Bucket: str, Delete: Any) -> Any:  # noqa: N802, N803
        assert Bucket == "recordings"
        keys = [one["Key"] for one in Delete["Objects"]]
        assert len(keys) <= 1000
        refused = [key for key in keys if key in self.stubborn]
        for key in set(keys) - set(refused):
            del self.objects[key]
        errors = [{"Key": key, "Code": "InternalError"} for key in refused]
        return {"Errors": errors} if errors else {"Deleted": [{"Key": key} for key in keys]}

    def _putObject(self, *, Key: str, Body: Any, **_: Any) -> Any:  # noqa: N802, N803
        self.written[Key] = Body
        return {}

    def _getItem(self, *, Key: Any, **_: Any) -> Any:  # noqa: N802, N803
        item = self.items.get((Key["owner"]["S"], Key["recordingId"]["S"]))
        return {} if item is None else {"Item": item}

    def _putItem(self, *, Item: Any, ConditionExpression: str, **rest: Any) -> Any:  # noqa: N802, N803
        key = (Item["owner"]["S"], Item["recordingId"]["S"])
        before = self.items.get(key, {})
        values = rest["ExpressionAttributeValues"]
        is_other = (
            before.get("erasureState") == values[":removing"]
            and before.get("erasureId") != values[":id"]
            and int(before["erasedAtMs"]["N"]) >= int(values[":stale"]["N"])
        )
        if is_other or ("attribute_exists" in ConditionExpression and not before):
            raise RefusedError("DynamoDb.ConditionalCheckFailedException")
        self.items[key] = Item
        return {}

    def _updateItem(self, *, Key: Any, UpdateExpression: str, **rest: Any) -> Any:  # noqa: N802, N803
        item = self.items.get((Key["owner"]["S"], Key["recordingId"]["S"]), {})
        values = rest["ExpressionAttributeValues"]
        if item.get("erasureId") != values[":id"]:
            raise RefusedError("DynamoDb.ConditionalCheckFailedException")
        for one in UpdateExpression.removeprefix("SET ").split(", "):
            name, value = one.split(" = ")
            item[name] = values[value]
        return {}

    def _query(self, *, IndexName: str, Limit: int, **rest: Any) -> Any:  # noqa: N803
        assert IndexName in {"byVisitor", "newestFirst"}
        name = rest["ExpressionAttributeNames"]["#partition"]
        value = rest["ExpressionAttributeValues"][":partition"]
        found = [
            item
            for item in self.items.values()
            if item.get(name) == value and "createdAtMs" in item
        ]
        return {"Items": [{"recordingId": one["recordingId"]} for one in found[:Limit]]}


class Calls(Protocol):
    """Answers the calls of a machine."""

    after_wait: Callable[[], None]

    def call(self, action: str, given: dict[str, Any]) -> Any: ...


@dataclass(frozen=True)
class Run:
    status: str
    output: Any
    events: int


class ClockWithoutWaits:
    """Python's time, which waits for nothing."""

    monotonic = staticmethod(time.monotonic)
    time = staticmethod(time.time)

    def sleep(self, _seconds: float) -> None:
        """Return at once."""


def run(
    definition: dict[str, Any], world: Calls, given: dict[str, Any], patch: pytest.MonkeyPatch
) -> Run:
    """Return how an execution ended. It waits for nothing."""

    def invoke(resource: str, arguments: dict[str, Any]) -> Any:
        try:
            return world.call(resource.rsplit(":", 1)[1], arguments)
        except RefusedError as error:
            raise _ENGINE._ExecutionError(str(error), "refused") from error

    def waited(_seconds: float) -> None:
        world.after_wait()

    patch.setattr(_ENGINE, "_invoke_aws_sdk_integration", invoke)
    patch.setattr(_ENGINE, "_scaled_sleep", waited)
    patch.setattr(_ENGINE, "time", ClockWithoutWaits())  # it sleeps before each execution
    execution: dict[str, Any] = {
        "executionArn": MACHINE_ARN.replace("stateMachine", "execution") + ":e",
        "stateMachineArn": MACHINE_ARN,
        "name": "e",
        "status": "RUNNING",
        "startDate": "2026-01-01T00:00:00Z",
        "input": json.dumps(given),
        "events": [],
        "mockAttempts": {},
    }
    machine = {"name": "erasure", "definition": json.dumps(definition)}
    patch.setitem(_ENGINE._executions, execution["executionArn"], execution)
    patch.setitem(_ENGINE._state_machines, MACHINE_ARN, machine)
    _ENGINE._run_execution(execution["executionArn"])
    return Run(
        execution["status"], json.loads(execution["output"] or "null"), len(execution["events"])
    )


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every state, also those of Maps."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def targets(state: dict[str, Any]) -> set[str]:
    found = [state.get("Next"), state.get("Default")]
    found += [one["Next"] for one in (*state.get("Choices", []), *state.get("Catch", []))]
    return {one for one in found if one}
