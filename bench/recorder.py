"""What one minute costs under our recorder and under others: web/peers/measure.mjs.

Ours sends to a fresh sandbox, for a signed-in user and for a site's visitor; the others to a local
server that answers what their clients expect.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.fresh import Fresh, fresh_sandbox
from bench.node_script import said_by
from bench.recorder_memory import MemoryResult, measure_memory
from bench.table import Table, verdict
from components.watch.cost import API_CALL, S3_GB_MONTH, S3_PUT, TABLE_WRITE, sent_cost
from sandbox.program import PROJECT

OURS, SITE, ORIGINAL, NONE = "ours", "ours-site", "original", "none"
OTHERS = ("browser-client", "openreplay", "highlight")
NAMES = {
    OURS: "ours, a user",
    SITE: "ours, a site",
    ORIGINAL: "the original's way",
    "browser-client": "@rrweb/browser-client",
    "openreplay": "@openreplay/tracker",
    "highlight": "highlight.run",
}
FEWER_REQUESTS_AIM = 50
LESS_COST_AIM = 10
OWN_CODE_AIM = 8_000
SITE_REQUESTS_AIM, SITE_COST_AIM, SITE_KB_AIM = 4, 0.032, 150
# An item of under 1 KB and its copies in two indexes: as it is created, and for its facts.
SITE_WRITES = 2 * 3
MINUTES = 1_000
WIRE = (
    "kB up and down: all bytes on the sockets of a server of another origin than the page: "
    "HTTP/1.1 without TLS, request lines and headers included. Ours sends an ID token with each "
    "request of a user, the others a short key."
)
STORED = (
    "kB stored: ours as objects in S3, where a user's batch lies as base64 within gzip; the "
    "others' bodies as they came, since their servers are not here."
)
SCRIPT = "script kB: bundled with rrweb by esbuild, minified and gzipped."
COST = (
    "US$: what requests (or messages of a WebSocket) and bytes of 1,000 minutes cost at prices of "
    "components/watch/cost.py, as if our stack took them: calls, table, stream, delivery, 30 days "
    "in S3; of a site S3 instead of stream and delivery. "
    "What stands still is not in it, nor what their makers charge."
)
# A record in the stream is an envelope that holds the body as base64: docs/adr/0003.
ENVELOPE_BYTES = 150
DELIVERY_PATIENCE_S = 150
PATIENCE_S = 150
# Of a recorder that loses something.
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
    """Bytes of each body, or message, that brought something."""
    stored_bytes: int
    objects: int
    via_websocket: bool
    task_ms: float
    """Of the page's main thread."""
    script_bytes: int
    missing: Sequence[str]
    """Words of the page that should have been in what was sent."""
    lossy: int = 0
    """Plays before this one in which such words were missing."""

    @property
    def wire_bytes(self) -> int:
        return self.up_bytes + self.down_bytes

    @property
    def cost(self) -> float:
        """US$ for `MINUTES` of these, as if our stack had taken them."""
        if self.client == SITE:
            stored = self.objects * S3_PUT + self.stored_bytes / 2**30 * S3_GB_MONTH
            return (self.requests * API_CALL + stored + SITE_WRITES * TABLE_WRITE) * MINUTES
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
    """Ours first: a user's, then a site's; then the original's."""
    page_ms: float
    """Of the main thread, without a recorder."""
    own_code_bytes: int
    """Of our script without rrweb, gzipped."""
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
            Table(title="Aims of it", columns=("<what", ">is", "<aim"), rows=self._aims()),
            self.memory.table(),
        ]

    def _main_thread(self) -> str:
        return (
            "main ms: of the main thread, Chromium's TaskDuration over both pages, less the "
            f"{self.page_ms:.0f} ms of the same minute without a recorder. "
            "Work in a worker is not in it."
        )

    def _losses(self) -> list[str]:
        return [
            f"{NAMES[one.client]} lost a part in {one.lossy} of {one.lossy + 1} plays; the row is "
            "of the whole one."
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
        ours, site, original, *others = self.played
        requests, cost = original.requests / ours.requests, original.cost / ours.cost
        least = min(others, key=lambda one: one.wire_bytes)
        share = ours.wire_bytes / least.wire_bytes
        own = self.own_code_bytes
        return [
            (
                "requests of the original's",
                f"1/{requests:.0f}",
                f"<= 1/{FEWER_REQUESTS_AIM} {verdict(met=requests >= FEWER_REQUESTS_AIM)}",
            ),
            (
                "cost of the original's",
                f"1/{cost:.0f}",
                f"<= 1/{LESS_COST_AIM} {verdict(met=cost >= LESS_COST_AIM)}",
            ),
            (
                f"bytes on the wire of {NAMES[least.client]}'s",
                f"{share:.2f}",
                f"< 1 {verdict(met=share < 1)}",
            ),
            (
                "requests of a site, preflights",
                f"{site.requests}, {site.preflights}",
                f"<= {SITE_REQUESTS_AIM}, 0 "
                + verdict(met=site.requests <= SITE_REQUESTS_AIM and not site.preflights),
            ),
            (
                "US$ of a site",
                f"{site.cost:.4f}",
                f"<= {SITE_COST_AIM} {verdict(met=site.cost <= SITE_COST_AIM)}",
            ),
            (
                "kB on the wire of a site",
                f"{site.wire_bytes / 1e3:.1f}",
                f"<= {SITE_KB_AIM} {verdict(met=site.wire_bytes <= SITE_KB_AIM * 1e3)}",
            ),
            (
                "own code, bytes gzipped",
                f"{own:,}",
                f"<= {OWN_CODE_AIM:,} {verdict(met=own <= OWN_CODE_AIM)}",
            ),
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{NAMES[one.client]} sent nothing of {', '.join(one.missing)}: it did not record"
            + (f", in {one.lossy + 1} plays" if one.lossy else "")
            for one in self.played
            if one.missing
        ] + list(self.memory.failures())


def measure_recorder() -> RecorderResult:
    """Return what each recorder did with the same minute, one after the other."""
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
        rows = [_play(sandbox, one) for one in (OURS, SITE, NONE)]
        rows += [whole(partial(_play, sandbox, one)) for one in (ORIGINAL, *OTHERS)]
        stored = {OURS: _objects(sandbox, "userId="), SITE: _objects(sandbox, "siteKey=")}
        memory = measure_memory(sandbox)
    page = next(row for row in rows if row["client"] == NONE)
    return RecorderResult(
        played=[_played(row, stored) for row in rows if row is not page],
        page_ms=page["taskMs"],
        own_code_bytes=int(own[1]),
        memory=memory,
    )


def whole(play: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Play again what lost something on the way: who loses sends less, which is no merit."""
    row, lossy = play(), 0
    while row["missing"] and lossy < PLAYS - 1:
        row, lossy = play(), lossy + 1
    return row | {"lossy": lossy}


def _play(sandbox: Fresh, client: str) -> dict[str, Any]:
    given = {
        "apiUrl": sandbox.exports["apiUrl"],
        "client": client,
        **_token(sandbox, client),
    }
    script = PROJECT / "web" / "peers" / "measure.mjs"
    return said_by(script, given, patience_s=PATIENCE_S)


def _token(sandbox: Fresh, client: str) -> dict[str, str]:
    if client == OURS:
        return {"token": sandbox.id_token()}
    if client != SITE:
        return {}
    (site,) = sandbox.exports["sites"].values()
    return {"token": site["writeUrl"].rsplit("/", 1)[1]}


def _objects(sandbox: Fresh, owner: str) -> Sequence[int]:
    """Return the bytes of each object of the owner's one recording, when no more come."""
    s3, bucket = sandbox.client("s3"), sandbox.exports["bucketName"]
    deadline = time.monotonic() + DELIVERY_PATIENCE_S
    found: list[int] = []
    while time.monotonic() < deadline and not found:
        prefix = f"rrweb/recordings/{owner}"
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        found = [one["Size"] for one in listed]
        time.sleep(0 if found else 1)
    return found


def _played(row: dict[str, Any], stored: Mapping[str, Sequence[int]]) -> Played:
    objects = stored.get(row["client"])
    return Played(
        client=row["client"],
        requests=row["requests"],
        preflights=row["preflights"],
        up_bytes=row["upBytes"],
        down_bytes=row["downBytes"],
        bodies=row["bodies"],
        stored_bytes=sum(row["bodies"] if objects is None else objects),
        objects=len(stored[OURS] if objects is None else objects),
        via_websocket=row["viaWebSocket"],
        task_ms=row["taskMs"],
        script_bytes=row["scriptBytes"],
        missing=row["missing"],
        lossy=row.get("lossy", 0),
    )
