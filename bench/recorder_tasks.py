"""Our longest task on a large page beside rrweb's: web/peers/longest-task.mjs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.node_script import said_by
from bench.table import Table, verdict
from sandbox.program import PROJECT

# Of three nodes each.
ROWS = 7_000
LEAST_NODES = 20_000
VISITS = 3
# https://web.dev/articles/optimize-long-tasks
TASK_AIM_MS = 50
RATIO_AIM = 0.5
PATIENCE_S = 180
NOTE = (
    f"ms: of the processor, by a profile and a trace of Chromium; the shortest of {VISITS} visits, "
    "since a machine that does other things makes a task longer. A script doubles the "
    f"{ROWS:,} rows of the page, which is recorded at the level text. Functions that come from a "
    "package of npm are rrweb's."
)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The longest tasks of one visit, and its snapshot."""

    ours_ms: float
    """The most that one task spent in our functions, and in what they called of the browser."""
    rrweb_ms: float
    nodes: int
    """Of the full snapshot; 0 if there was none."""


@dataclass(frozen=True, kw_only=True)
class TasksResult:
    visits: Sequence[Visit]

    def table(self) -> Table:
        ours, rrweb = self._shortest()
        ratio = ours / rrweb if rrweb else float("nan")
        return Table(
            title=f"Longest tasks on a page of more than {LEAST_NODES:,} nodes",
            columns=("<whose", ">ms", "<aim"),
            rows=[
                ("ours", f"{ours:.0f}", f"<= {TASK_AIM_MS} {verdict(met=ours <= TASK_AIM_MS)}"),
                ("rrweb's", f"{rrweb:.0f}", ""),
                (
                    "ours vs. rrweb's",
                    f"{ratio:.2f}",
                    f"<= {RATIO_AIM} {verdict(met=ratio <= RATIO_AIM)}",
                ),
            ],
            notes=[NOTE],
        )

    def _shortest(self) -> tuple[float, float]:
        return (
            min(one.ours_ms for one in self.visits),
            min(one.rrweb_ms for one in self.visits),
        )

    def failures(self) -> Sequence[str]:
        """Return why the figures are of something else, whatever they are."""
        nodes = min(one.nodes for one in self.visits)
        wrong: list[str] = []
        if nodes <= LEAST_NODES:
            wrong.append(f"the large page's snapshot had {nodes:,} nodes")
        if not all(self._shortest()):
            wrong.append("the profile of the large page lacks our functions or rrweb's")
        return wrong


def measure_tasks() -> TasksResult:
    """Return the longest tasks of visits to the same page, one after the other."""
    script = PROJECT / "web" / "peers" / "longest-task.mjs"
    visits = said_by(script, {"rows": ROWS, "visits": VISITS}, patience_s=PATIENCE_S)
    return TasksResult(
        visits=[
            Visit(ours_ms=one["oursMs"], rrweb_ms=one["rrwebMs"], nodes=one["nodes"])
            for one in visits
        ]
    )
