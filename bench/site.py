"""Waiting times at the replay site, in headless Chromium: web/site/browser/measure.mjs.

A fresh sandbox serves a new build of the site as CloudFront does. Its S3 is 30 ms away.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.fresh import Fresh, fresh_sandbox
from bench.hour import deliveries
from bench.node_script import said_by
from bench.percentile import percentile
from bench.reading_ways import S3_S
from bench.table import Table, verdict
from handlers.envelope import RecordingId
from sandbox.program import PROJECT
from sandbox.users import PASSWORD, email_of

CLICKS = 100
CLICK_AIM_S = 3.0
OBJECTS = 60
FIRST_FRAME_AIM_S = 1.5
JUMP_AIM_S = 1.0
TASK_AIM_S = 0.2
# Buffer time of Firehose, before which the original does not store a click.
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
ORIGINAL_S = 60.0
UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}
PATIENCE_S = 420
MEASURE = PROJECT / "web" / "site" / "browser" / "measure.mjs"


@dataclass(frozen=True, kw_only=True)
class LongestTask:
    """The longest task of the main thread, by any code: React, rrweb, the browser or ours."""

    wall_s: float
    cpu_s: float
    """Processor time, without that of other processes."""
    all_cpu_s: float
    """Processor time of all tasks."""


@dataclass(frozen=True, kw_only=True)
class SiteResult:
    click_to_live_s: Sequence[float]
    """Seconds from each click until the live view showed it."""
    first_frame_s: float
    """Seconds from opening a recording of an hour, with an empty cache."""
    loaded_s: float
    middle_s: float
    """Seconds from moving the slider until the page of that moment was drawn."""
    back_s: float
    """The same, from there back to the fifth minute."""
    loading_task: LongestTask
    jumping_task: LongestTask
    heap_bytes: int
    events: int
    """Number of events of that hour."""
    text_bytes: int

    def tables(self) -> Sequence[Table]:
        p95 = percentile(self.click_to_live_s, 95)
        rows = [
            _row("click on the playground to live view, p95", p95, CLICK_AIM_S),
            _row(
                "click on the playground to live view, p50",
                percentile(self.click_to_live_s, 50),
                None,
            ),
            _row("the same in the original, minimum", ORIGINAL_S, None),
            _row("first frame of a recording of an hour", self.first_frame_s, FIRST_FRAME_AIM_S),
            _row("whole recording loaded", self.loaded_s, None),
            _row("jump to the middle", self.middle_s, JUMP_AIM_S),
            _row("jump back to the fifth minute", self.back_s, JUMP_AIM_S),
            _row("longest task while loading", self.loading_task.cpu_s, TASK_AIM_S),
            _row("longest task while jumping", self.jumping_task.cpu_s, TASK_AIM_S),
        ]
        return [
            Table(
                title="Waiting times at the replay site, in seconds",
                columns=("<action", ">s", "<aim"),
                rows=rows,
                notes=[
                    (
                        f"{len(self.click_to_live_s)} clicks, signed in at the site of the "
                        f"sandbox, with S3 {S3_S * 1000:.0f} ms away from the gateway and the "
                        "Lambda function. In the original, a click is visible after Firehose's "
                        "60 s at the earliest."
                    ),
                    (
                        f"The hour is one page without a reload: {self.events:,} events, "
                        f"{self.text_bytes / 1e6:.0f} MB, one full snapshot at the start, in "
                        f"{OBJECTS} objects of Firehose. The heap of the tab is then "
                        f"{self.heap_bytes / 1e6:.0f} MB."
                    ),
                    (
                        "Tasks of any code, rrweb included, from a trace of the page's main "
                        "thread, in processor time. Their elapsed times, which other load on the "
                        f"machine lengthens, were {self.loading_task.wall_s:.2f} and "
                        f"{self.jumping_task.wall_s:.2f} s. All tasks took "
                        f"{self.loading_task.all_cpu_s:.1f} s for the hour, and "
                        f"{self.jumping_task.all_cpu_s:.1f} s for both jumps."
                    ),
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        if len(self.click_to_live_s) == CLICKS and min(self.click_to_live_s) > 0:
            return []
        return ["not every click was shown in the live view"]


def _row(what: str, seconds: float, aim: float | None) -> tuple[str, ...]:
    said = "" if aim is None else f"<= {aim:g} {verdict(met=seconds <= aim)}"
    return (what, f"{seconds:.2f}", said)


def measure_site() -> SiteResult:
    """Return the measurements in one browser, on one sandbox."""
    build_site()
    lines = _recorded_hour()
    with fresh_sandbox(UNTHROTTLED, s3_delay_s=S3_S) as sandbox:
        given = {
            "siteUrl": sandbox.site_url,
            "email": email_of("demo"),
            "password": PASSWORD,
            "recordingId": store_hour(sandbox, lines),
            "clicks": CLICKS,
        }
        said = said_by(MEASURE, given, patience_s=PATIENCE_S)
    return SiteResult(
        click_to_live_s=[ms / 1000 for ms in said["clickToLiveMs"]],
        first_frame_s=said["firstFrameMs"] / 1000,
        loaded_s=said["loadedMs"] / 1000,
        middle_s=said["middleMs"] / 1000,
        back_s=said["backMs"] / 1000,
        loading_task=_task(said["loadingTask"]),
        jumping_task=_task(said["jumpingTask"]),
        heap_bytes=said["heapBytes"],
        events=len(lines),
        text_bytes=sum(len(line) + 1 for line in lines),
    )


def build_site() -> None:
    """Build the site for the sandbox."""
    npm: Any = shutil.which("npm")
    subprocess.run(  # noqa: S603 - our own package
        [npm, "run", "--silent", "build", "--workspace", "site"],
        cwd=PROJECT / "web",
        check=True,
        capture_output=True,
        timeout=120,
    )


def store_hour(sandbox: Fresh, lines: list[bytes]) -> str:
    """Store a recording of those events as delivered objects, and return its id."""
    token = sandbox.id_token()
    claims = token.split(".")[1]
    user_id = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
    recording = RecordingId(user_id, str(uuid.uuid4()))
    httpx.put(
        f"{sandbox.exports['apiUrl']}/recordings/{recording.recording_id}",
        json={"pageTitle": "Board", "pageUrl": "https://board.example/"},
        headers={"Authorization": f"Bearer {token}"},
    ).raise_for_status()
    folder = f"rrweb/recordings/userId={user_id}/sessionId={recording.recording_id}/stream"
    s3 = sandbox.client("s3")
    for name, content, _ in deliveries(lines, recording, objects=OBJECTS):
        s3.put_object(Bucket=sandbox.exports["bucketName"], Key=f"{folder}/{name}", Body=content)
    return recording.recording_id


def _recorded_hour() -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="rrweb-bench-") as folder:
        out = Path(folder) / "hour.ndjson"
        node: Any = shutil.which("node")
        subprocess.run(  # noqa: S603 - our own script
            [node, "recorded-session/record-hour.mjs", "--out", str(out)],
            cwd=PROJECT / "web",
            check=True,
            timeout=PATIENCE_S,
        )
        return out.read_bytes().splitlines()


def _task(said: dict[str, float]) -> LongestTask:
    return LongestTask(
        wall_s=said["wallMs"] / 1000,
        cpu_s=said["cpuMs"] / 1000,
        all_cpu_s=said["allCpuMs"] / 1000,
    )
