"""Prints what the filters of a list read: `python -m operations.finding_costs`.

A test compares the table with docs/costs.md.
"""

from dataclasses import dataclass
from math import ceil

from components.store.recording_filters import MAX_LOOKED_THROUGH
from components.watch.prices import API_CALL, TABLE_READ, TABLE_READ_BYTES
from components.watch.quotas import QUERY_PAGE_BYTES
from components.watch.usage import ITEM_BYTES, RECORDINGS_A_VISITOR, TROUBLED

PAGE_ITEMS = min(MAX_LOOKED_THROUGH, QUERY_PAGE_BYTES // ITEM_BYTES)


@dataclass(frozen=True, kw_only=True)
class Search:
    """A list with filters, read to its end."""

    items: int
    """Recordings that the index has for it."""

    @property
    def pages(self) -> int:
        """Requests until the last recording has been looked through."""
        return ceil(self.items / PAGE_ITEMS)

    @property
    def price(self) -> float:
        """US$ for the requests and for what they read."""
        units = ceil(self.items * ITEM_BYTES / TABLE_READ_BYTES)
        return self.pages * API_CALL + units * TABLE_READ


def finding_table(recordings: int = 10_000, days: int = 90) -> str:
    """Return what each filter reads of so many recordings of that time, as a Markdown table."""
    rows = {
        "`visitor`": ("`byVisitor`", Search(items=RECORDINGS_A_VISITOR)),
        "`from` and `to`, for one day": ("`newestFirst`", Search(items=recordings // days)),
        "`errors`, `failedRequests`, `rageClicks`, `deadClicks`": (
            "`troubled`",
            Search(items=recordings * TROUBLED // 100),
        ),
        "`page`, `user`, `minDurationMs`, `tag`, `event`, `browser`, `device` alone": (
            "`newestFirst`",
            Search(items=recordings),
        ),
    }
    lines = [
        f"| {name} | {index} | {one.items:,} | {one.pages} | {one.price:.6f} |"
        for name, (index, one) in rows.items()
    ]
    head = f"| of {recordings:,} recordings in {days} days | index | read | pages | US$ |"
    return "\n".join([head, "|---|---|---|---|---|", *lines])


if __name__ == "__main__":
    print(finding_table())
