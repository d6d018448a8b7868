"""Lighthouse's scores of the list page with recordings, signed in: web/lighthouse.

This module installs Lighthouse by its own lock file, since it is too large for `make setup`.
"""

import gzip
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bench.batch import SESSION
from bench.fresh import Fresh, fresh_sandbox
from bench.node_script import said_by
from bench.site import UNTHROTTLED, build_site
from bench.table import Table, verdict
from sandbox.program import PROJECT
from sandbox.users import PASSWORD, email_of

FOLDER = PROJECT / "web" / "lighthouse"
RECORDINGS = 12
AIM = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
PATIENCE_S = 300
# Below this index, Lighthouse warns that the machine is slow: core/gather/driver/environment.js.
EXPECTED_INDEX = 1_000


@dataclass(frozen=True, kw_only=True)
class ListPageResult:
    points: Mapping[str, Mapping[str, float]]
    """By device, then by category: 0 to 100."""
    lacks: Mapping[str, Sequence[str]]
    """By device: the audits that cost points."""
    machine: float
    """Lighthouse's benchmark index of the processor during the measurement."""

    def tables(self) -> Sequence[Table]:
        rows = [
            (device, category, f"{points:.0f}", f">= {AIM} {verdict(met=points >= AIM)}")
            for device, categories in self.points.items()
            for category, points in categories.items()
        ]
        notes = [f"{device}: {one}." for device, some in self.lacks.items() for one in some]
        return [
            Table(
                title=f"Lighthouse scores of the list page with {RECORDINGS} recordings, signed in",
                columns=("<device", "<category", ">points", "<aim"),
                rows=rows,
                notes=[
                    (
                        "Best of three runs each, since other load on the machine only lowers "
                        "scores. For its slow phone, Lighthouse multiplies the processor's times "
                        f"by four, which assumes a benchmark index of {EXPECTED_INDEX:,} or more; "
                        f"it was {self.machine:,.0f}."
                    ),
                    *notes,
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{device}: no score for {category}"
            for device, categories in self.points.items()
            for category in CATEGORIES
            if category not in categories
        ]


def measure_list_page() -> ListPageResult:
    """Return Lighthouse's scores of the built site on a fresh sandbox."""
    build_site()
    npm: Any = shutil.which("npm")
    if not (FOLDER / "node_modules").exists():
        subprocess.run(  # noqa: S603 - our own package
            [npm, "ci", "--silent"], cwd=FOLDER, check=True, timeout=PATIENCE_S
        )
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        _record(sandbox)
        given = {"siteUrl": sandbox.site_url, "email": email_of("demo"), "password": PASSWORD}
        said: dict[str, dict[str, Any]] = said_by(
            FOLDER / "score.mjs", given, patience_s=PATIENCE_S
        )
    return ListPageResult(
        points={
            device: {name: 100 * one[name] for name in CATEGORIES if name in one}
            for device, one in said.items()
        },
        lacks={device: one["lacks"] for device, one in said.items()},
        machine=max(one["machine"] for one in said.values()),
    )


def _record(sandbox: Fresh) -> None:
    """Store recordings without screenshots: the list renders each from its events."""
    auth = {"Authorization": f"Bearer {sandbox.id_token()}"}
    body = gzip.compress(SESSION.read_bytes())
    with httpx.Client(base_url=sandbox.exports["apiUrl"], headers=auth, timeout=40) as http:
        for number in range(RECORDINGS):
            path = f"/recordings/{uuid.uuid4()}"
            about = {"pageTitle": f"Page {number}", "pageUrl": f"https://shop.example/{number}"}
            http.put(path, json=about).raise_for_status()
            http.put(
                f"{path}/events/0", content=body, headers={"Content-Type": "application/gzip"}
            ).raise_for_status()
