"""Cost of one recorded minute with our recorder and with others: web/peers/measure.mjs.

Ours sends to a fresh sandbox; the others send to a local server with the answers that they expect.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.fresh import Fresh, fresh_sandbox
from bench.node_script import said_by
from bench.recorder_memory import MemoryResult, measure_memory
from bench.table import Table, verdict
from components.watch.cost import sent_cost
from sandbox.program import PROJECT

OURS, ORIGINAL, NONE = "ours", "original", "none"
OTHERS = ("browser-client", "openreplay", "highlight")
NAMES = {
    OURS: "ours",
    ORIGINAL: "the original's way",
    "browser-client": "@rrweb/browser-client",
    "openreplay": "@openreplay/tracker",
    "highlight": "highlight.run",
}
FEWER_REQUESTS_AIM = 50
LESS_COST_AIM = 10
OWN_CODE_AIM = 8_000
MINUTES = 1_000
WIRE = (
    "kB up and down: all bytes on the sockets of a server of another origin than the page, with "
    "request lines and headers, by HTTP/1.1 without TLS. Ours sends an ID token with each "
    "request, the others a short key."
)
STORED = (
    "kB stored: for ours, the objects in S3, which contain batches as base64 within gzip; for the "
    "others, the request bodies, since their servers are not part of the benchmark."
)
SCRIPT = "script kB: bundled with rrweb by esbuild, minified and gzipped."
COST = (
    "US$: the cost of the requests (or WebSocket messages) and bytes of 1,000 minutes on our "
    "stack, at the prices of components/watch/cost.py: calls, stream, delivery, 30 days in S3. "
    "Fixed costs and the prices of the other vendors are not included."
)
# A record in the stream is an envelope that holds the body as base64: docs/adr/0003.
ENVELOPE_BYTES = 150
DELIVERY_PATIENCE_S = 150
PATIENCE_S = 150
# Maximum number of plays for a recorder that loses events.
PLAYS = 3
UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}


@dataclass(frozen=True, kw_only=True)
class Played:
    """One recorder's minute."""

    client: str
    requests: int
    """Preflights included; a WebSocket is one."""
    preflights: int
    up_bytes: int
    down_bytes: int
    bodies: Sequence[int]
    """Bytes of each non-empty body or message."""
    stored_bytes: int
    objects: int
    via_websocket: bool
    task_ms: float
    """Time of the page's main thread."""
    script_bytes: int
    missing: Sequence[str]
    """Expected words of the page that were not sent."""
    lossy: int = 0
    """Earlier plays in which words were missing."""

    @property
    def wire_bytes(self) -> int:
        return self.up_bytes + self.down_bytes

    @property
    def cost(self) -> float:
        """US$ for `MINUTES` of these minutes on our stack."""
        raw = self.client == ORIGINAL
        records = [size if raw else size * 4 // 3 + ENVELOPE_BYTES for size in self.bodies]
        each = sent_cost(
            calls=max(self.requests, len(self.bodies)),
            records=records,
            objects=self.objects,
            stored_bytes=self.stored_bytes,
        )
        return each * MINUTES


@dataclass(frozen=True, kw_only=True)
class RecorderResult:
    played: Sequence[Played]
    """Ours first."""
    page_ms: float
    """Time of the main thread without a recorder."""
    own_code_bytes: int
    """Size of our script without rrweb, gzipped."""
    memory: MemoryResult

    def tables(self) -> Sequence[Table]:
        return [
            Table(
                title="One minute: typing, scrolling, a list of 200 rows, two pages, half idle",
                columns=(
                    "<recorder",
                    ">requests",
                    ">(preflights)",
                    ">kB up",
                    ">kB down",
                    ">kB stored",
                    ">main ms",
                    ">script kB",
                    ">US$",
                ),
                rows=[self._figures(one) for one in self.played],
                notes=[WIRE, STORED, self._main_thread(), SCRIPT, COST, *self._losses()],
            ),
            Table(
                title="Aims of our recorder",
                columns=("<measure", ">value", "<aim"),
                rows=self._aims(),
            ),
            self.memory.table(),
        ]

    def _main_thread(self) -> str:
        return (
            "main ms: Chromium's TaskDuration of the main thread over both pages, minus the "
            f"{self.page_ms:.0f} ms of the same minute without a recorder. "
            "Work in workers is not included."
        )

    def _losses(self) -> list[str]:
        return [
            f"{NAMES[one.client]} lost events in {one.lossy} of {one.lossy + 1} plays; the row "
            "shows the complete play."
            for one in self.played
            if one.lossy and not one.missing
        ]

    def _figures(self, one: Played) -> tuple[str, ...]:
        return (
            NAMES[one.client] + (" (socket)" if one.via_websocket else ""),
            str(one.requests),
            str(one.preflights),
            f"{one.up_bytes / 1e3:,.1f}",
            f"{one.down_bytes / 1e3:,.1f}",
            f"{one.stored_bytes / 1e3:,.1f}",
            f"{one.task_ms - self.page_ms:,.0f}",
            f"{one.script_bytes / 1e3:.1f}",
            f"{one.cost:.3f}",
        )

    def _aims(self) -> list[tuple[str, ...]]:
        ours, original, *others = self.played
        requests, cost = original.requests / ours.requests, original.cost / ours.cost
        least = min(others, key=lambda one: one.wire_bytes)
        share = ours.wire_bytes / least.wire_bytes
        own = self.own_code_bytes
        return [
            (
                "requests vs. the original",
                f"1/{requests:.0f}",
                f"<= 1/{FEWER_REQUESTS_AIM} {verdict(met=requests >= FEWER_REQUESTS_AIM)}",
            ),
            (
                "cost vs. the original",
                f"1/{cost:.0f}",
                f"<= 1/{LESS_COST_AIM} {verdict(met=cost >= LESS_COST_AIM)}",
            ),
            (
                f"bytes on the wire vs. {NAMES[least.client]}",
                f"{share:.2f}",
                f"< 1 {verdict(met=share < 1)}",
            ),
            (
                "own code, gzipped bytes",
                f"{own:,}",
                f"<= {OWN_CODE_AIM:,} {verdict(met=own <= OWN_CODE_AIM)}",
            ),
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{NAMES[one.client]} did not send the words {', '.join(one.missing)}"
            + (f" in {one.lossy + 1} plays" if one.lossy else "")
            for one in self.played
            if one.missing
        ] + list(self.memory.failures())


def measure_recorder() -> RecorderResult:
    """Return the measurements of each recorder for the same minute, one after the other."""
    npm: Any = shutil.which("npm")
    built = subprocess.run(  # noqa: S603 - our own package
        [npm, "run", "--silent", "build", "--workspace", "recorder"],
        cwd=PROJECT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    own = re.search(r"(\d+) of them ours", built.stdout)
    assert own, built.stdout
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        rows = [_play(sandbox, OURS), _play(sandbox, NONE)]
        rows += [complete_play(partial(_play, sandbox, one)) for one in (ORIGINAL, *OTHERS)]
        stored = _objects(sandbox)
        memory = measure_memory(sandbox)
    page = next(row for row in rows if row["client"] == NONE)
    return RecorderResult(
        played=[_played(row, stored) for row in rows if row is not page],
        page_ms=page["taskMs"],
        own_code_bytes=int(own[1]),
        memory=memory,
    )


def complete_play(play: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the first complete of at most `PLAYS` plays: an incomplete one sends less."""
    row, lossy = play(), 0
    while row["missing"] and lossy < PLAYS - 1:
        row, lossy = play(), lossy + 1
    return row | {"lossy": lossy}


def _play(sandbox: Fresh, client: str) -> dict[str, Any]:
    given = {
        "apiUrl": sandbox.exports["apiUrl"],
        "idToken": sandbox.id_token(),
        "client": client,
    }
    script = PROJECT / "web" / "peers" / "measure.mjs"
    return said_by(script, given, patience_s=PATIENCE_S)


def _objects(sandbox: Fresh) -> Sequence[int]:
    """Return the size of each object of the one recording, as soon as there are any."""
    s3, bucket = sandbox.client("s3"), sandbox.exports["bucketName"]
    deadline = time.monotonic() + DELIVERY_PATIENCE_S
    found: list[int] = []
    while time.monotonic() < deadline and not found:
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        found = [one["Size"] for one in listed]
        time.sleep(0 if found else 1)
    return found


def _played(row: dict[str, Any], ours: Sequence[int]) -> Played:
    is_ours = row["client"] == OURS
    return Played(
        client=row["client"],
        requests=row["requests"],
        preflights=row["preflights"],
        up_bytes=row["upBytes"],
        down_bytes=row["downBytes"],
        bodies=row["bodies"],
        stored_bytes=sum(ours) if is_ours else sum(row["bodies"]),
        objects=len(ours),
        via_websocket=row["viaWebSocket"],
        task_ms=row["taskMs"],
        script_bytes=row["scriptBytes"],
        missing=row["missing"],
        lossy=row.get("lossy", 0),
    )
