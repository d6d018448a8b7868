"""Tables for a terminal of 80 to 100 columns, and the interface of a printable result."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH = 96
GAP = "  "
RULE: tuple[str, ...] = ()
"""As a row: a line across the table."""


@dataclass(frozen=True, kw_only=True)
class Table:
    title: str
    columns: tuple[str, ...]
    """Heads, each led by where its column stands: `<` left, `>` right. The last `<` is wrapped."""
    rows: Sequence[tuple[str, ...]]
    """As many cells as there are columns, or `RULE`."""
    notes: Sequence[str] = ()
    """Sentences below it."""

    def text(self) -> str:
        """Return the table as lines of at most `WIDTH` characters, if its cells can be wrapped.

        >>> rows = [("a", "1.5"), ("bc", "10.0")]
        >>> print(Table(title="How fast", columns=("<who", ">ms"), rows=rows).text())
        How fast
          who    ms
          ---------
          a     1.5
          bc   10.0
        """
        heads = tuple(column[1:] for column in self.columns)
        sides = [column[0] for column in self.columns]
        widths = self._widths(heads)
        line = "-" * (sum(widths) + len(GAP) * (len(widths) - 1))
        lines = [self.title, *_lines(heads, sides, widths), GAP + line]
        for row in self.rows:
            lines += _lines(row, sides, widths) if row != RULE else [GAP + line]
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent=GAP, subsequent_indent=GAP)
        return "\n".join(lines)

    def _widths(self, heads: tuple[str, ...]) -> list[int]:
        rows = [heads, *(row for row in self.rows if row != RULE)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        if self.columns[-1].startswith("<"):
            left = WIDTH - sum(widths[:-1]) - len(GAP) * len(widths)
            longest_word = max(len(word) for row in rows for word in ["", *row[-1].split()])
            widths[-1] = min(widths[-1], max(left, longest_word))
        return widths


def _lines(row: tuple[str, ...], sides: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return one row; the text of its last cell may go on below."""
    *first, last = row
    wrapped = textwrap.wrap(last, max(1, widths[-1]), break_on_hyphens=False) or [""]
    blank = [""] * len(first)
    return [
        (
            GAP
            + GAP.join(
                f"{cell:{side}{width}}"
                for cell, side, width in zip((*cells, part), sides, widths, strict=True)
            )
        ).rstrip()
        for cells, part in zip([first, *[blank] * (len(wrapped) - 1)], wrapped, strict=True)
    ]


def verdict(*, met: bool) -> str:
    """Return the word that is printed beside an aim."""
    return "met" if met else "MISSED"


class Result(Protocol):
    """What a measurement returns."""

    def tables(self) -> Sequence[Table]:
        """Return the tables to print."""
        ...

    def failures(self) -> Sequence[str]:
        """Return a sentence for each failure: one makes the bench fail."""
        ...
