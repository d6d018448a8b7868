"""What Lighthouse says of the list page, signed in, with recordings in it: web/lighthouse.

Its packages are installed here, by its own lock file, and not by `make setup`: they are large.
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
# Below it Lighthouse itself warns that the machine is slow: core/gather/driver/environment.js.
EXPECTED_INDEX = 1_000


@dataclass(frozen=True, kw_only=True)
class ListPageResult:
    points: Mapping[str, Mapping[str, float]]
    """By device, then by category: 0 to 100."""
    lacks: Mapping[str, Sequence[str]]
    """By device: what took points."""
    machine: float
    """How fast Lighthouse finds the processor, while it measures."""

    def tables(self) -> Sequence[Table]:
        rows = [
            (device, category, f"{points:.0f}", f">= {AIM} {verdict(met=points >= AIM)}")
            for device, categories in self.points.items()
            for category, points in categories.items()
        ]
        notes = [f"{device}: {one}." for device, some in self.lacks.items() for one in some]
        return [
            Table(
                title=f"Lighthouse, of the list page with {RECORDINGS} recordings, signed in",
                columns=("<as", "<category", ">points", "<aim"),
                rows=rows,
                notes=[
                    (
                        "The best of three runs each: what else the machine does only takes "
                        "points. For its slow phone Lighthouse multiplies by four what this "
                        f"processor takes, and so expects an index of {EXPECTED_INDEX:,} or more: "
                        f"it was {self.machine:,.0f}."
                    ),
                    *notes,
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{device}: there are no points for {category}"
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
    """Store recordings without a screenshot: the list draws each out of its events."""
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
