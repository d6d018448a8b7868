"""Cost of one recorded minute with our recorder and with others: web/peers/measure.mjs.

Ours sends to a fresh sandbox, for a user and for a visitor of a site; the others send to a
local server with the answers that they expect.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from bench.fresh import Fresh, fresh_sandbox
from bench.main_thread import MainThread
from bench.node_script import said_by
from bench.recorder_memory import MemoryResult, measure_memory
from bench.recorder_tasks import TasksResult, measure_tasks
from bench.table import Table, verdict
from components.watch.cost import API_CALL, S3_GB_MONTH, S3_PUT, TABLE_WRITE, sent_cost
from sandbox.program import PROJECT

OURS, SITE, PLUGINS, ORIGINAL = "ours", "ours-site", "ours-plugins", "original"
BARE, NONE = "bare", "none"
OTHERS = ("browser-client", "openreplay", "highlight")
NAMES = {
    OURS: "ours, a user",
    SITE: "ours, a site",
    PLUGINS: "ours, a site, with console and network",
    ORIGINAL: "the original's way",
    "browser-client": "@rrweb/browser-client",
    "openreplay": "@openreplay/tracker",
    "highlight": "highlight.run",
}
FEWER_REQUESTS_AIM = 50
LESS_COST_AIM = 10
OWN_CODE_AIM = 8_000
SITE_REQUESTS_AIM, SITE_COST_AIM, SITE_KB_AIM = 4, 0.032, 150
# Of bare rrweb, which only gathers its events.
MAIN_THREAD_AIM = 1.1
# An item of under 1 KB and its copies in two indexes: as it is created, and for its facts.
SITE_WRITES = 2 * 3
MINUTES = 1_000
WIRE = (
    "kB up and down: all bytes on the sockets of a server of another origin than the page, with "
    "request lines and headers, by HTTP/1.1 without TLS. Ours sends an ID token with each request "
    "of a user, the others a short key."
)
STORED = (
    "kB stored: for ours, the objects in S3, which contain a user's batches as base64 within gzip; "
    "for the others, the request bodies, since their servers are not part of the benchmark."
)
SCRIPT = "script kB: bundled with rrweb by esbuild, minified and gzipped."
COST = (
    "US$: the cost of the requests (or WebSocket messages) and bytes of 1,000 minutes on our "
    "stack, at the prices of components/watch/cost.py: calls, table, stream, delivery, 30 days in "
    "S3; for a site, S3 instead of stream and delivery. Fixed costs and the prices of the other "
    "vendors are not included."
)
# A record in the stream is an envelope that holds the body as base64: docs/adr/0003.
ENVELOPE_BYTES = 150
DELIVERY_PATIENCE_S = 150
PATIENCE_S = 150
# Maximum number of plays for a recorder that loses events.
PLAYS = 3
# The processor time of a play differs by a fifth from that of the next one.
THREAD_PLAYS = 3
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
    main: MainThread
    """The page's own part included."""
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
        if self.client in (SITE, PLUGINS):
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
    plugins: Played
    """A site's, with the plugins that record the console and the network."""
    page: MainThread
    """Without a recorder."""
    bare: MainThread
    """With bare rrweb, the page's own part included."""
    own_code_bytes: int
    """Size of our script without rrweb, gzipped."""
    memory: MemoryResult
    tasks: TasksResult

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
                    ">CPU ms",
                    ">script kB",
                    ">US$",
                ),
                rows=[self._figures(one) for one in self._rows()],
                notes=[WIRE, STORED, self._main_thread(), SCRIPT, COST, *self._losses()],
            ),
            Table(
                title="Aims of our recorder",
                columns=("<measure", ">value", "<aim"),
                rows=self._aims(),
            ),
            self.memory.table(),
            self.tasks.table(),
        ]

    def _rows(self) -> list[Played]:
        return [*self.played[:2], self.plugins, *self.played[2:]]

    def _main_thread(self) -> str:
        page, bare = self.page, self.bare - self.page
        return (
            "main ms: Chromium's TaskDuration of the main thread over both pages, by the clock, "
            f"the median of {THREAD_PLAYS} alternating plays of ours, minus the "
            f"{page.wall_ms:,.0f} ms of the same minute without a recorder; CPU ms: the "
            f"same by the thread's own time, minus {page.cpu_ms:,.0f}. Bare rrweb, which gathers "
            f"its events and sends none: {bare.wall_ms:,.0f} and {bare.cpu_ms:,.0f}. "
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
            f"{(one.main - self.page).wall_ms:,.0f}",
            f"{(one.main - self.page).cpu_ms:,.0f}",
            f"{one.script_bytes / 1e3:.1f}",
            f"{one.cost:.3f}",
        )

    def _aims(self) -> list[tuple[str, ...]]:
        ours, site, original, *others = self.played
        requests, cost = original.requests / ours.requests, original.cost / ours.cost
        least = min(others, key=lambda one: one.wire_bytes)
        share = ours.wire_bytes / least.wire_bytes
        own = self.own_code_bytes
        bare = (self.bare - self.page).cpu_ms
        threads = [(one.main - self.page).cpu_ms / bare for one in (ours, site)]
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
                "CPU of the main thread vs. bare rrweb: a user, a site",
                ", ".join(f"{one:.2f}" for one in threads),
                f"<= {MAIN_THREAD_AIM} {verdict(met=max(threads) <= MAIN_THREAD_AIM)}",
            ),
            (
                "own code, gzipped bytes",
                f"{own:,}",
                f"<= {OWN_CODE_AIM:,} {verdict(met=own <= OWN_CODE_AIM)}",
            ),
        ]

    def failures(self) -> Sequence[str]:
        incomplete = [
            f"{NAMES[one.client]} did not send the words {', '.join(one.missing)}"
            + (f" in {one.lossy + 1} plays" if one.lossy else "")
            for one in self._rows()
            if one.missing
        ]
        return [*incomplete, *self.memory.failures(), *self.tasks.failures()]


def measure_recorder() -> RecorderResult:
    """Return the measurements of each recorder for the same minute, one after the other."""
    npm: Any = shutil.which("npm")
    built = subprocess.run(  # noqa: S603 - our own package
        [npm, "run", "--silent", "build", "--workspace", "@rrweb-store/recorder"],
        cwd=PROJECT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    own = re.search(r"(\d+) of them ours", built.stdout)
    assert own, built.stdout
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        rows = [_play(sandbox, one) for one in (OURS, BARE, SITE, NONE)]
        sites = _objects(sandbox, "siteKey=")
        plugins = _play(sandbox, PLUGINS)
        with_plugins = _objects(sandbox, "siteKey=", besides=sites)
        rows += [complete_play(partial(_play, sandbox, one)) for one in (ORIGINAL, *OTHERS)]
        stored = {OURS: _objects(sandbox, "userId="), SITE: sites, PLUGINS: with_plugins}
        threads = [*rows, plugins]
        for _ in range(THREAD_PLAYS - 1):
            threads += [_play(sandbox, one) for one in (NONE, BARE, OURS, SITE, PLUGINS)]
        memory = measure_memory(sandbox)
    mains = main_threads(threads)
    return RecorderResult(
        played=[
            _played(row, stored, mains[row["client"]])
            for row in rows
            if row["client"] not in (BARE, NONE)
        ],
        plugins=_played(plugins, stored, mains[PLUGINS]),
        page=mains[NONE],
        bare=mains[BARE],
        own_code_bytes=int(own[1]),
        memory=memory,
        tasks=measure_tasks(),
    )


def main_threads(rows: Sequence[dict[str, Any]]) -> Mapping[str, MainThread]:
    """Return, by client, the median of its plays: by the clock, and of the processor."""
    plays: dict[str, list[MainThread]] = {}
    for row in rows:
        plays.setdefault(row["client"], []).append(MainThread.of(row))
    return {
        client: MainThread(
            wall_ms=median(one.wall_ms for one in threads),
            cpu_ms=median(one.cpu_ms for one in threads),
        )
        for client, threads in plays.items()
    }


def complete_play(play: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the first complete of at most `PLAYS` plays: an incomplete one sends less."""
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
    if client not in (SITE, PLUGINS):
        return {}
    (site,) = sandbox.exports["sites"].values()
    return {"token": site["writeUrl"].rsplit("/", 1)[1]}


def _objects(sandbox: Fresh, owner: str, besides: Container[str] = ()) -> Mapping[str, int]:
    """Return the sizes of the owner's objects by their keys, besides those, when no more come."""
    s3, bucket = sandbox.client("s3"), sandbox.exports["bucketName"]
    deadline = time.monotonic() + DELIVERY_PATIENCE_S
    found: dict[str, int] = {}
    while time.monotonic() < deadline and not found:
        prefix = f"rrweb/recordings/{owner}"
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        found = {one["Key"]: one["Size"] for one in listed if one["Key"] not in besides}
        time.sleep(0 if found else 1)
    return found


def _played(
    row: dict[str, Any], stored: Mapping[str, Mapping[str, int]], main: MainThread
) -> Played:
    objects = stored.get(row["client"])
    return Played(
        client=row["client"],
        requests=row["requests"],
        preflights=row["preflights"],
        up_bytes=row["upBytes"],
        down_bytes=row["downBytes"],
        bodies=row["bodies"],
        stored_bytes=sum(row["bodies"] if objects is None else objects.values()),
        objects=len(stored[OURS] if objects is None else objects),
        via_websocket=row["viaWebSocket"],
        main=main,
        script_bytes=row["scriptBytes"],
        missing=row["missing"],
        lossy=row.get("lossy", 0),
    )
