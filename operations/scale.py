"""Prints the tables of docs/scale.md: `python -m operations.scale`. A test compares them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from components.api.operation_limit import operation_limits, operation_rates
from components.watch.cost import batches_an_object
from components.watch.scale import (
    Bound,
    loads_of_site,
    loads_of_users,
    month_of_site,
    month_of_users,
    site_bounds,
    user_bounds,
)
from operations.costs import DEFAULTS

PROJECT = Path(__file__).parent.parent
CONCURRENT = (10, 10_000, 1_000_000)


def default_rates() -> Callable[[str], int]:
    """Return how many requests a second an operation takes without any setting."""
    declared = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    rates = operation_rates(operation_limits(declared["operationLimits"]["default"]))
    return lambda operation: rates.get(operation, declared["throttleRate"]["default"])


def site_loads_table() -> str:
    """Return what visitors of one site ask for in a second, as a Markdown table."""
    return _table("in a second", [loads_of_site(visitors) for visitors in CONCURRENT])


def user_loads_table() -> str:
    """Return what signed-in users ask for in a second, as a Markdown table."""
    return _table("in a second", [loads_of_users(users) for users in CONCURRENT])


def site_bounds_table() -> str:
    """Return at how many visitors each limit is reached, as a Markdown table."""
    return _bounds_table(site_bounds(default_rates()), "visitors")


def user_bounds_table() -> str:
    """Return at how many users each limit is reached, as a Markdown table."""
    return _bounds_table(user_bounds(default_rates(), DEFAULTS.shards), "users")


def site_month_table() -> str:
    """Return US$ a month for visitors at every moment, as a Markdown table."""
    months = [month_of_site(visitors, DEFAULTS.retention_days) for visitors in CONCURRENT]
    return _table("US$ a month", [_with_total(month) for month in months])


def user_month_table() -> str:
    """Return US$ a month for signed-in users at every moment, as a Markdown table."""
    together = batches_an_object(DEFAULTS.buffer_seconds)
    months = [month_of_users(users, DEFAULTS.retention_days, together) for users in CONCURRENT]
    return _table("US$ a month", [_with_total(month) for month in months])


def _with_total(month: dict[str, float]) -> dict[str, float]:
    return {**month, "together": sum(month.values())}


def _table(head: str, columns: Sequence[dict[str, float]]) -> str:
    lines = [
        f"| {name} | " + " | ".join(_figure(column[name]) for column in columns) + " |"
        for name in columns[0]
    ]
    title = " | ".join(f"{concurrent:,} at once" for concurrent in CONCURRENT)
    return "\n".join([f"| {head} | {title} |", "|---" * (len(columns) + 1) + "|", *lines])


def _bounds_table(bounds: Sequence[Bound], whom: str) -> str:
    lines = [
        f"| {bound.name} | {bound.limit:,} {bound.unit} | {bound.visitors:,} "
        f"| {bound.needed(CONCURRENT[-1]):,} | {bound.then} |"
        for bound in bounds
    ]
    head = (
        f"| limit | takes in a second | reached at {whom} at once "
        f"| {CONCURRENT[-1]:,} need | before that |"
    )
    return "\n".join([head, "|---|---|---|---|---|", *lines])


def _figure(value: float) -> str:
    """Return a figure with three digits, or all of them before its point.

    >>> [_figure(value) for value in (0.025, 4.29, 333.3, 203_239.5, 10)]
    ['0.025', '4.29', '333', '203,240', '10']
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


if __name__ == "__main__":
    tables = (
        site_loads_table(),
        site_bounds_table(),
        site_month_table(),
        user_loads_table(),
        user_bounds_table(),
        user_month_table(),
    )
    print("\n\n".join(tables))
