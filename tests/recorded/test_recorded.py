"""Every row of the table holds for the sandbox and for the program."""

from collections.abc import Callable

import pytest

from tests.recorded.table import ROWS, Row

SHOWN = [(row, check) for row in ROWS for check in row.shown_by]


@pytest.mark.parametrize(
    ("row", "check"), SHOWN, ids=[check.__name__.replace("_", " ") for _, check in SHOWN]
)
def test_ours_is_right_about_what_aws_does(row: Row, check: Callable[[], None]) -> None:
    check()


def test_every_row_has_a_source_and_is_shown() -> None:
    assert [row.fact for row in ROWS if not (row.source and row.shown_by)] == []
