"""What a release without sites wrote is read by this one's API after one command."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from sandbox import deployer
from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET
from sandbox.program import PROJECT, proven_source
from sandbox.server import Sandbox
from tests import earlier_release
from tests.e2e.contract import asset_of, operations
from tests.e2e.stack import SPEED, UNTHROTTLED, Stack, sandbox_stack
from tests.e2e.user import User, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

LATER = time.time() + 86_400
BYTES = "application/octet-stream"
MANY = 500


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Return a sandbox after the deployment that keeps the earlier table, and before the copy."""
    config = {**UNTHROTTLED, "rrweb-store:earlierTable": "true"}
    # What its own last update exported.
    before = {**proven_source(), "storageLayout": 1}
    folder = tmp_path_factory.mktemp("upgraded")
    with (
        patch.object(deployer, "proven_source", lambda: before),
        Sandbox(folder, speed=SPEED, config=config) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def stack(upgraded: Sandbox) -> Stack:
    """Return the stack, with what the earlier release left of its two users."""
    stack = sandbox_stack(upgraded)
    users = {"owner": stack.owner.sub, "other": stack.other.sub}
    by_sub = {sub: users[name] for name, sub in earlier_release.written()["users"].items()}
    items = earlier_release.items(LATER)
    put(upgraded, *({**item, "userId": {"S": by_sub[item["userId"]["S"]]}} for item in items))
    for one in earlier_release.objects(users):
        upgraded.cloud.client("s3").put_object(
            Bucket=upgraded.exports["bucketName"],
            Key=one.key,
            Body=one.body,
            ContentType=one.content_type,
        )
    return stack


def put(sandbox: Sandbox, *items: dict[str, Any]) -> None:
    """Put at most 25 items into the earlier table."""
    requests = [{"PutRequest": {"Item": item}} for item in items]
    sandbox.cloud.client("dynamodb").batch_write_item(
        RequestItems={sandbox.exports["earlierTableName"]: requests}
    )


def command(sandbox: Sandbox, folder: Path) -> subprocess.Popen[str]:
    """Start `python -m operations.carry_over`."""
    outputs = folder / "outputs.json"
    outputs.write_text(json.dumps(sandbox.exports), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "operations.carry_over", "--outputs", str(outputs)],
        cwd=PROJECT,
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": sandbox.cloud.endpoint,
            "AWS_ACCESS_KEY_ID": ROOT_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def passes(running: subprocess.Popen[str]) -> list[str]:
    """Return the passes of a run that came to its end."""
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    return [line for line in out.splitlines() if line.startswith("pass ")]


def held(sandbox: Sandbox) -> int:
    """Return how many items the new table has."""
    pages = (
        sandbox.cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=sandbox.exports["tableName"], Select="COUNT")
    )
    return sum(page["Count"] for page in pages)


def listed(user: User) -> list[dict[str, Any]]:
    return [as_before(one) for page in user.listed() for one in page]


def as_before(recording: dict[str, Any]) -> dict[str, Any]:
    """Return a recording without its end, which the earlier release did not tell."""
    return {name: value for name, value in recording.items() if name != "expiresAtMs"}


def test_recordings_of_the_earlier_release_are_read_by_this_one(
    upgraded: Sandbox, stack: Stack, tmp_path: Path
) -> None:
    answered = earlier_release.written()["listed"]
    before = listed(stack.owner)

    first, second = (passes(command(upgraded, tmp_path)) for _ in range(2))

    assert before == []
    assert first == [
        "pass 1: 6 seen, 6 copied, 0 already there, 0 expired",
        "pass 2: 6 seen, 0 copied, 6 already there, 0 expired",
    ]
    assert second == ["pass 1: 6 seen, 0 copied, 6 already there, 0 expired"]
    for user, theirs in ((stack.owner, answered["owner"]), (stack.other, answered["other"])):
        assert (
            eventually(lambda user=user: listed(user), lambda found: len(found) > 1, 20) == theirs
        )
        found = [user.get(f"/recordings/{one['recordingId']}").json() for one in theirs]
        assert [as_before(one) for one in found] == theirs


def test_their_events_pictures_and_assets_are_where_they_were(
    upgraded: Sandbox, stack: Stack, tmp_path: Path
) -> None:
    passes(command(upgraded, tmp_path))
    by_id = {one.operation_id: one for one in operations()}
    owner, other = stack.owner, stack.other

    found = {
        "owner": {id_: owner.read(id_).events for id_ in ("every-field", "bare", "emoji", "long")},
        "other": {"every-field": other.read("every-field").events},
    }
    picture = owner.http.get(
        f"{owner.api_url}/recordings/every-field/screenshot", headers={"Accept": BYTES}
    )
    asset = owner.http.get(
        f"{owner.api_url}{by_id['getAsset'].target('every-field')}", headers={"Accept": BYTES}
    )

    assert found == earlier_release.written()["events"]
    assert picture.content == by_id["putScreenshot"].body("every-field")
    assert asset.content == asset_of("every-field")
    assert other.get("/recordings/bare/events").status_code == 404


def test_a_recording_goes_on_that_the_earlier_release_began(
    upgraded: Sandbox, stack: Stack, tmp_path: Path
) -> None:
    passes(command(upgraded, tmp_path))
    event = {"type": 3, "data": {"text": "after the upgrade"}, "timestamp": 1_790_000_000_009}

    sent = stack.other.append("every-field", json.dumps(event).encode(), sequence=1)

    assert sent.status_code == 202
    assert stack.other.delivered("every-field", 2).events[-1] == event
    # Pages that create it again are told that it is there.
    assert stack.other.create("every-field").status_code == 409


def test_a_killed_run_is_finished_by_the_next_one(
    upgraded: Sandbox, stack: Stack, tmp_path: Path
) -> None:
    passes(command(upgraded, tmp_path))
    before = held(upgraded)
    for start in range(0, MANY, 25):
        put(
            upgraded,
            *(
                {
                    "userId": {"S": "many"},
                    "recordingId": {"S": f"r{number}"},
                    "createdAtMs": {"N": "1790000000000"},
                    "pageUrl": {"S": "https://shop.example/" + "x" * 4000},
                    "expiresAt": {"N": str(int(LATER))},
                }
                for number in range(start, start + 25)
            ),
        )

    killed = command(upgraded, tmp_path)
    eventually(lambda: held(upgraded), lambda there: there > before, 60)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    first, second = passes(command(upgraded, tmp_path))

    everything = before + MANY
    _, seen, copied, there, expired = (int(number) for number in re.findall(r"\d+", first))
    assert 0 < copied < MANY
    assert (seen, copied + there, expired) == (everything, everything, 0)
    assert second == (f"pass 2: {everything} seen, 0 copied, {everything} already there, 0 expired")
    assert held(upgraded) == everything
