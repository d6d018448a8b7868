"""Cost of repeated recordings of a page with images and fonts, stored as assets or inline."""

import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.fresh import Fresh, fresh_sandbox
from bench.table import Table, verdict
from sandbox.heavy_page import record_visits, requests_on_the_wire, restore_visit, store_visit

VISITS = 10
# As a share of the first recording's bytes.
TENTH_AIM = 0.05


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One recording."""

    requests: int
    bytes: int
    same: bool
    """Whether it was read back byte for byte."""
    skipped: int
    """Parts that could not be read back."""


@dataclass(frozen=True, kw_only=True)
class AssetsResult:
    visit_bytes: int
    apart: tuple[Stored, ...]
    """One for each visit."""
    inline: Stored
    """The first visit; each later one costs the same."""
    wire: Mapping[str, Mapping[str, int]]
    """Bytes `up` and `down` of a `preflight`, a `head` and a `put`, without the asset itself."""

    @property
    def tenth(self) -> float:
        return self.apart[-1].bytes / self.apart[0].bytes

    def tables(self) -> Sequence[Table]:
        first, last = self.apart[0], self.apart[-1]
        aim = f"Aim for visit {VISITS}: at most {TENTH_AIM:.0%} of the bytes of the first"
        wire = ", ".join(f"a {kind} {one['up']} + {one['down']}" for kind, one in self.wire.items())
        return [
            Table(
                title=f"Page with images and fonts, {self.visit_bytes:,} bytes of events per visit",
                columns=("<way", ">visit", ">requests", ">bytes", ">share of first", "<read back"),
                rows=[
                    ("assets", "1", *_figures(first, first)),
                    ("assets", str(VISITS), *_figures(last, first)),
                    ("inline", "1", *_figures(self.inline, first)),
                    ("inline", str(VISITS), *_figures(self.inline, first)),
                ],
                notes=[
                    f"{aim}: {verdict(met=self.tenth <= TENTH_AIM)}.",
                    f"bytes: gzipped request bodies. HTTP/2 adds (up + down): {wire}.",
                    "requests: a page of another origin also sends a preflight for each asset.",
                    "Each visit is stored by a new process without knowledge of earlier visits.",
                    "inline: reading the snapshot takes several answers of the Lambda function.",
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"visit {number}: the events that were read differ from those that were stored"
            for number, stored in enumerate(self.apart, 1)
            if not stored.same
        ]


def measure_assets() -> AssetsResult:
    """Return the cost of ten visits to the same page."""
    with tempfile.TemporaryDirectory(prefix="rrweb-heavy-") as name, fresh_sandbox() as sandbox:
        visits = record_visits(Path(name), VISITS)
        wire = requests_on_the_wire()
        return AssetsResult(
            visit_bytes=visits[0].stat().st_size,
            apart=tuple(_stored(sandbox, visit, inline=False) for visit in visits),
            inline=_stored(sandbox, visits[0], inline=True),
            wire=wire,
        )


def _stored(sandbox: Fresh, visit: Path, *, inline: bool) -> Stored:
    url, token, recording_id = sandbox.exports["apiUrl"], sandbox.id_token(), str(uuid.uuid4())
    sent = store_visit(url, token, visit, recording_id, inline=inline)
    back = visit.with_suffix(".back")
    read = restore_visit(url, token, recording_id, back)
    return Stored(
        requests=sent["requests"],
        bytes=sent["bytes"],
        same=back.read_bytes() == visit.read_bytes(),
        skipped=read["skipped"],
    )


def _figures(stored: Stored, first: Stored) -> tuple[str, ...]:
    back = "identical" if stored.same else f"DIFFERENT, {stored.skipped} skipped"
    share = f"{stored.bytes / first.bytes:.1%}"
    return f"{stored.requests:,}", f"{stored.bytes:,}", share, back
