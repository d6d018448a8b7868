"""What it costs to record a page of images and fonts again, with them apart and inline."""

import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.fresh import Fresh, fresh_sandbox
from bench.table import Table, verdict
from sandbox.heavy_page import record_visits, requests_on_the_wire, restore_visit, store_visit

VISITS = 10
# Of the first recording's bytes.
TENTH_AIM = 0.05


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One recording."""

    requests: int
    bytes: int
    same: bool
    """It was read back byte for byte."""
    skipped: int
    """Parts that could not be read back."""


@dataclass(frozen=True, kw_only=True)
class AssetsResult:
    visit_bytes: int
    apart: tuple[Stored, ...]
    """One for each visit."""
    inline: Stored
    """The first visit; the others are the same again."""
    wire: Mapping[str, Mapping[str, int]]
    """Bytes `up` and `down` of a `preflight`, a `head` and a `put`, but for the asset."""

    @property
    def tenth(self) -> float:
        return self.apart[-1].bytes / self.apart[0].bytes

    def tables(self) -> Sequence[Table]:
        first, last = self.apart[0], self.apart[-1]
        aim = f"Aim for visit {VISITS}: at most {TENTH_AIM:.0%} of the bytes of the first"
        wire = ", ".join(f"a {kind} {one['up']} + {one['down']}" for kind, one in self.wire.items())
        return [
            Table(
                title=f"A page with images and fonts, {self.visit_bytes:,} bytes of events a visit",
                columns=("<way", ">visit", ">requests", ">bytes", ">of the first", "<read back"),
                rows=[
                    ("apart", "1", *_figures(first, first)),
                    ("apart", str(VISITS), *_figures(last, first)),
                    ("inline", "1", *_figures(self.inline, first)),
                    ("inline", str(VISITS), *_figures(self.inline, first)),
                ],
                notes=[
                    f"{aim}: {verdict(met=self.tenth <= TENTH_AIM)}.",
                    f"bytes: the bodies as they are sent, gzipped. Over HTTP/2, besides: {wire}.",
                    "requests: a browser of another origin adds a preflight for each asset.",
                    "Each visit is stored by a process that knows nothing of those before.",
                    "inline: the snapshot goes over several answers of the Lambda.",
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"visit {number} was not read back as it was stored"
            for number, stored in enumerate(self.apart, 1)
            if not stored.same
        ]


def measure_assets() -> AssetsResult:
    """Return what it took to store ten visits to the same page."""
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
    back = "the same" if stored.same else f"NOT THE SAME, {stored.skipped} skipped"
    share = f"{stored.bytes / first.bytes:.1%}"
    return f"{stored.requests:,}", f"{stored.bytes:,}", share, back
