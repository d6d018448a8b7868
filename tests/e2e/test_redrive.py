"""The redrive command, on what the sandbox's own Firehose could not place of what the API took."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.redrive import FAILED, Redrive
from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET
from sandbox.program import PROJECT
from sandbox.server import Sandbox
from tests.e2e.stack import SPEED, UNTHROTTLED, sandbox_stack
from tests.e2e.store import Store
from tests.e2e.user import Event, User, eventually, ndjson

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# Each error type that the sandbox's Firehose has: of which records, and whose batches they are.
OF_THE_API = {"activePartitionExceeded", "sandbox-record-too-large"}
MAX_STEPS = 40
OF_NOBODY = {"metadata-extraction-failed", "sandbox-prefix-too-long"}

Moments = tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]
"""What the API gives after a kill and after the next run, and what lies in the bucket then."""


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Return a sandbox whose Firehose keeps one recording open at a time."""
    folder = tmp_path_factory.mktemp("narrow")
    with Sandbox(folder, speed=SPEED, config=UNTHROTTLED, active_partition_limit=1) as running:
        yield running


class Failed:
    """A sandbox in which something of every error type lies under the error prefix."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.store = Store(sandbox)
        self.owner: User = sandbox_stack(sandbox).owner
        self.events: dict[str, list[Event]] = {}
        sandbox.delivery_stream.faults.pause_reading = True
        for name in ("a", "b", "c"):
            events = [{"n": f"{name}{n}", "timestamp": 1_700_000_000_000 + n} for n in range(3)]
            recording = self.owner.given_recording(*(ndjson(event) for event in events))
            self.events[recording] = events
        self._put_past_the_api()
        sandbox.delivery_stream.faults.pause_reading = False
        eventually(self.types, lambda types: types == OF_THE_API | OF_NOBODY, 30)
        # Whatever is left to be written has been.
        eventually(lambda: sandbox.delivery_stream.status().records_buffered, lambda n: n == 0, 30)

    def _put_past_the_api(self) -> None:
        """Put what the API never lets through: it refuses such a body, and such an id."""
        recording = next(iter(self.events))
        large = {"n": "large", "timestamp": 1_700_000_000_009, "text": "x" * 770_000}
        self.events[recording].append(large)
        for record in (
            self._envelope(recording, large),
            self._envelope("x" * 500, {"n": 0}),
            b"not json",
        ):
            self.sandbox.cloud.client("kinesis").put_record(
                StreamName=self.sandbox.exports["streamName"], PartitionKey="k", Data=record
            )

    def _envelope(self, recording_id: str, event: Event) -> bytes:
        return json.dumps(
            {
                "userId": self.owner.sub,
                "recordingId": recording_id,
                "sequence": None,
                "receivedAtMs": int(time.time() * 1000),
                "requestId": f"past-the-api-{event['n']}",
                "encoding": "identity",
                "events": base64.b64encode(ndjson(event)).decode(),
            }
        ).encode()

    def types(self) -> set[str]:
        """Return the error types of what lies under the error prefix."""
        return {key.split("/")[2] for key in self.store.objects(FAILED)}

    def read(self) -> dict[str, list[Event]]:
        """Return what the API gives of each recording."""
        return {id_: self.owner.read(id_).events for id_ in self.events}

    def stored(self) -> dict[str, list[Event]]:
        """Return what lies in each recording, in the order of the events' own time."""
        return {
            id_: sorted(self.store.delivered(self.owner, id_), key=lambda event: event["timestamp"])
            for id_ in self.events
        }

    def redriven(self, killed_at: int = 0) -> bool:
        """Return whether a run came to its end, and was not killed at that call of S3 before."""
        s3 = self.sandbox.cloud.client("s3")
        exports = self.sandbox.exports
        redrive = Redrive(
            s3=Interrupting(s3, killed_at) if killed_at else s3,
            dynamodb=self.sandbox.cloud.client("dynamodb"),
            bucket=exports["bucketName"],
            table=exports["tableName"],
        )
        try:
            redrive.run()
        except Killed:
            return False
        return True

    def killed_at_each_step(self) -> list[Moments]:
        """Return what there is after a run that was killed, and after the next, for each step."""
        steps: list[Moments] = []
        before = self.store.bodies()
        while len(steps) < MAX_STEPS and not self.redriven(killed_at=len(steps) + 1):
            killed = once(self.read())
            self.redriven()
            steps.append((killed, once(self.read()), once(self.stored())))
            self.store.put_back(before)
        return steps

    def command(self, folder: Path) -> subprocess.CompletedProcess[str]:
        """Return how `python -m operations.redrive` ended."""
        outputs = folder / "outputs.json"
        outputs.write_text(json.dumps(self.sandbox.exports), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "operations.redrive", "--outputs", str(outputs)],
            cwd=PROJECT,
            env={
                **os.environ,
                "AWS_ENDPOINT_URL": self.sandbox.cloud.endpoint,
                "AWS_ACCESS_KEY_ID": ROOT_KEY_ID,
                "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


class Killed(BaseException):
    """The process is gone, after this call and before whatever it would have done next."""


class Interrupting:
    """An S3 client whose process is killed at one of its calls, which S3 has done by then."""

    def __init__(self, s3: Any, calls: int) -> None:
        self._s3 = s3
        self._left = calls

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._s3, name)

        def call(**request: Any) -> Any:
            answer = method(**request)
            self._left -= 1
            if self._left == 0:
                raise Killed
            return answer

        return method if name == "get_paginator" else call


def once(events: dict[str, list[Event]]) -> dict[str, list[str]]:
    """Return the numbers of the events of each recording."""
    return {id_: [event["n"] for event in found] for id_, found in events.items()}


def twice(numbers: dict[str, list[str]]) -> set[str]:
    """Return the events that a recording gives more than once."""
    return {one for found in numbers.values() for one in found if found.count(one) > 1}


def test_killed_at_any_step_and_run_again_each_event_is_there_once(
    narrow: Sandbox, tmp_path: Path
) -> None:
    failed = Failed(narrow)
    expected = once(failed.events)
    before = once(failed.stored())

    steps = failed.killed_at_each_step()
    first, second = (failed.command(tmp_path) for _ in range(2))

    assert before != expected
    # Four objects to read; the parts of two recordings and of one; two objects to delete.
    assert len(steps) == 4 + 3 + 2
    assert [(again, stored) for _, again, stored in steps] == [(expected, expected)] * len(steps)
    assert [twice(killed) for killed, _, _ in steps] == [set()] * len(steps)
    assert once(failed.read()) == once(failed.stored()) == expected
    assert failed.types() == OF_NOBODY
    assert (first.returncode, second.returncode) == (1, 1), first.stderr + second.stderr
    assert first.stdout == second.stdout
    assert first.stdout.startswith("0 batches restored, 2 left under rrweb/failed/\n")
