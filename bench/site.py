"""What a person at the replay site waits for, in headless Chromium: web/site/browser/measure.mjs.

The site is built anew and served by a fresh sandbox, as CloudFront would; its S3 is 30 ms away.
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
# Firehose gathers for so long before a click of the original's is even stored.
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
ORIGINAL_S = 60.0
UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}
PATIENCE_S = 420
MEASURE = PROJECT / "web" / "site" / "browser" / "measure.mjs"


@dataclass(frozen=True, kw_only=True)
class LongestTask:
    """Of the page's main thread, whoever's it is: React's, rrweb's, the browser's or ours."""

    wall_s: float
    cpu_s: float
    """What it took of the processor, which others may have had meanwhile."""
    all_cpu_s: float
    """All tasks together."""


@dataclass(frozen=True, kw_only=True)
class SiteResult:
    click_to_live_s: Sequence[float]
    """From each click until the live view showed it."""
    first_frame_s: float
    """From the opening of a recording of an hour, with an empty cache."""
    loaded_s: float
    middle_s: float
    """From the move of the slider until the page of that moment was drawn."""
    back_s: float
    """The same, from there back to the fifth minute."""
    loading_task: LongestTask
    jumping_task: LongestTask
    heap_bytes: int
    events: int
    """Of that hour."""
    text_bytes: int

    def tables(self) -> Sequence[Table]:
        p95 = percentile(self.click_to_live_s, 95)
        rows = [
            _row("a click on the playground, shown live: p95", p95, CLICK_AIM_S),
            _row("the same: p50", percentile(self.click_to_live_s, 50), None),
            _row("the same in the original, at the least", ORIGINAL_S, None),
            _row("the first frame of an hour", self.first_frame_s, FIRST_FRAME_AIM_S),
            _row("all of it loaded", self.loaded_s, None),
            _row("a jump to its middle", self.middle_s, JUMP_AIM_S),
            _row("a jump back to its fifth minute", self.back_s, JUMP_AIM_S),
            _row("the longest task while it loads", self.loading_task.cpu_s, TASK_AIM_S),
            _row("the longest task while it jumps", self.jumping_task.cpu_s, TASK_AIM_S),
        ]
        return [
            Table(
                title="What a person at the replay site waits for, in seconds",
                columns=("<what", ">s", "<aim"),
                rows=rows,
                notes=[
                    (
                        f"{len(self.click_to_live_s)} clicks, signed in at the site that the "
                        f"sandbox serves, S3 {S3_S * 1000:.0f} ms away from the gateway and the "
                        "Lambda. In the original a click is seen after Firehose's 60 s at the "
                        "earliest."
                    ),
                    (
                        f"The hour is one page, never loaded anew: {self.events:,} events, "
                        f"{self.text_bytes / 1e6:.0f} MB, one whole picture at its begin, in "
                        f"{OBJECTS} objects of Firehose's. The tab then holds "
                        f"{self.heap_bytes / 1e6:.0f} MB of heap."
                    ),
                    (
                        "Tasks are anybody's, rrweb's too, from a trace of the page's main thread: "
                        "processor time, as other work on the machine lengthens them "
                        f"({self.loading_task.wall_s:.2f} and {self.jumping_task.wall_s:.2f} s "
                        f"by the clock). All together they took {self.loading_task.all_cpu_s:.1f} "
                        f"s for the hour, and {self.jumping_task.all_cpu_s:.1f} s for both jumps."
                    ),
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        if len(self.click_to_live_s) == CLICKS and min(self.click_to_live_s) > 0:
            return []
        return ["not every click came to the live view"]


def _row(what: str, seconds: float, aim: float | None) -> tuple[str, ...]:
    said = "" if aim is None else f"<= {aim:g} {verdict(met=seconds <= aim)}"
    return (what, f"{seconds:.2f}", said)


def measure_site() -> SiteResult:
    """Return what was measured in one browser, on one sandbox."""
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
    """Build what the sandbox serves."""
    npm: Any = shutil.which("npm")
    subprocess.run(  # noqa: S603 - our own package
        [npm, "run", "--silent", "build", "--workspace", "site"],
        cwd=PROJECT / "web",
        check=True,
        capture_output=True,
        timeout=120,
    )


def store_hour(sandbox: Fresh, lines: list[bytes]) -> str:
    """Return the id of a recording of those events, delivered long ago."""
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
