"""What our recorder holds of a page's memory over ten minutes: web/peers/memory.mjs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.fresh import Fresh
from bench.node_script import said_by
from bench.table import Table, verdict
from sandbox.program import PROJECT

MINUTES = 10
MEGABYTE = 2**20
# What may wait for the API that is down. Ten minutes make as much as the 8 of
# web/recorder/src/options.ts, so only with less are events dropped for most of them.
WAITING_MB = 1
# A batch that is gathered, its copy for IndexedDB, and one that is on its way; or what may wait and
# two such copies. A heap differs by 2 from one minute to another whatever happens.
AIMS_MB = {"up": 1 + 1 + 1 + 2, "down": WAITING_MB + 2 + 2}
PATIENCE_S = MINUTES * 60 + 180
NAMES = {"up": "API up", "down": "API down"}
NOTE = (
    "MB: the page's heap and its buffers after garbage collection, before the first change and "
    "after minutes of them in real time; the list of 200 rows is made anew each second. "
    f"{WAITING_MB} MB may wait for the API that is down."
)


@dataclass(frozen=True, kw_only=True)
class MemoryResult:
    heaps: Mapping[str, Sequence[int]]
    """Bytes before, and after each minute, by whether the API was `up` or `down`."""

    def table(self) -> Table:
        return Table(
            title=f"Memory of a page over {MINUTES} minutes of changes",
            columns=("<way", ">before", ">1 min", ">5 min", ">10 min", ">most", "<aim"),
            rows=[self._figures(way) for way in self.heaps],
            notes=[NOTE],
        )

    def _figures(self, way: str) -> tuple[str, ...]:
        heap = [one / MEGABYTE for one in self.heaps[way]]
        figures = [heap[0], heap[1], heap[5], heap[-1], max(heap)]
        aim = f"at most {AIMS_MB[way]} more {verdict(met=self.is_bounded(way))}"
        return (NAMES[way], *(f"{one:.1f}" for one in figures), aim)

    def is_bounded(self, way: str) -> bool:
        """Return whether the heap never grew by more than what may wait in it."""
        before, *minutes = self.heaps[way]
        return max(minutes) - before <= AIMS_MB[way] * MEGABYTE

    def failures(self) -> Sequence[str]:
        return [
            f"memory was not bounded with the {NAMES[way]}"
            for way in self.heaps
            if not self.is_bounded(way)
        ]


def measure_memory(sandbox: Fresh) -> MemoryResult:
    """Return what ten minutes took, with the API up and, at the same time, with it down."""
    given = {
        "apiUrl": sandbox.exports["apiUrl"],
        "idToken": sandbox.id_token(),
        "seconds": MINUTES * 60,
        "maxWaitingBytes": WAITING_MB * MEGABYTE,
    }
    script = PROJECT / "web" / "peers" / "memory.mjs"
    return MemoryResult(heaps=said_by(script, given, patience_s=PATIENCE_S))
