"""Each alarm: about a metric that exists, silent when all is well, loud for its fault."""

import re
from pathlib import Path

import pytest

from components.alarms import Alarm, Watched, alarms
from tests.components.cloudwatch import METRICS, Series, evaluated, rings

WATCHED = Watched(
    api="api-1",
    stage="v1",
    stream="events-1",
    delivery_stream="events-2",
    function="read-1",
    table="recordings-1",
    bucket="recordings-2",
    failed_filter="failed",
)
ALARMS = {alarm.name: alarm for alarm in alarms(WATCHED, buffer_seconds=60, function_timeout_s=28)}
DIMENSIONS = {
    "ApiName": "api-1",
    "Stage": "v1",
    "StreamName": "events-1",
    "DeliveryStreamName": "events-2",
    "FunctionName": "read-1",
    "TableName": "recordings-1",
    "BucketName": "recordings-2",
    "FilterId": "failed",
}
NOTHING: Series = [None] * 20


def steadily(value: float) -> Series:
    return [value] * 20


def lately(value: float, minutes: int, before: float | None = 0) -> Series:
    """Return a series that has the value in its last minutes."""
    return [before] * (20 - minutes) + [value] * minutes


# What a minute looks like when all is well, and what the fault makes of it.
WELL: dict[str, list[dict[str, Series]]] = {
    "delivery-late": [{"value": steadily(90)}, {"value": lately(900, 4)}],
    "delivery-failing": [{"value": steadily(1)}, {"value": lately(0.5, 2, before=1)}],
    "batches-failed": [{"value": NOTHING}, {"value": lately(0, 1, before=None)}],
    "partitions-exceeded": [{"value": steadily(0)}],
    "stream-write-throttled": [{"value": steadily(0)}, {"value": lately(50, 2)}],
    "stream-read-throttled": [{"value": steadily(0)}, {"value": lately(3, 9)}],
    # The function starts two minutes back in the stream.
    "stream-behind": [{"value": steadily(120_000)}, {"value": lately(900_000, 4)}],
    "reading-failing": [
        {"errors": NOTHING, "throttles": NOTHING, "calls": NOTHING},
        {"errors": steadily(1), "throttles": NOTHING, "calls": steadily(100)},
        {"errors": lately(50, 2), "throttles": NOTHING, "calls": steadily(100)},
    ],
    "reading-slow": [{"value": steadily(4000)}, {"value": lately(28_000, 2)}],
    "api-failing": [
        {"faults": NOTHING, "calls": NOTHING},
        {"faults": steadily(1), "calls": steadily(5)},  # one of five says nothing yet
        {"faults": steadily(1), "calls": steadily(200)},
    ],
    "api-slow": [{"value": steadily(200)}, {"value": lately(20_000, 9)}],
    "table-throttled": [{"reads": NOTHING, "writes": NOTHING}],
}
FAULT: dict[str, list[dict[str, Series]]] = {
    "delivery-late": [{"value": lately(400, 5, before=60)}],
    "delivery-failing": [{"value": lately(0, 3, before=1)}],
    "batches-failed": [{"value": lately(1, 1, before=None)}],
    "partitions-exceeded": [{"value": lately(1, 1)}],
    "stream-write-throttled": [{"value": lately(1, 3)}],
    "stream-read-throttled": [{"value": lately(1, 10)}],
    "stream-behind": [{"value": lately(700_000, 5)}],
    "reading-failing": [
        {"errors": lately(10, 3), "throttles": NOTHING, "calls": steadily(100)},
        {"errors": NOTHING, "throttles": lately(10, 3), "calls": NOTHING},
    ],
    "reading-slow": [{"value": lately(23_000, 3)}],
    "api-failing": [{"faults": lately(5, 3), "calls": steadily(200)}],
    "api-slow": [{"value": lately(6000, 10)}],
    "table-throttled": [
        {"reads": lately(1, 3), "writes": NOTHING},
        {"reads": NOTHING, "writes": lately(1, 3)},
    ],
}


def cases(table: dict[str, list[dict[str, Series]]]) -> list[tuple[str, dict[str, Series]]]:
    return [(name, series) for name, one in table.items() for series in one]


def test_every_alarm_has_its_synthetic_data() -> None:
    assert set(WELL) == set(FAULT) == set(ALARMS)


@pytest.mark.parametrize(("name", "series"), cases(WELL))
def test_it_is_silent_when_all_is_well(name: str, series: dict[str, Series]) -> None:
    assert not rings(ALARMS[name], series)


@pytest.mark.parametrize(("name", "series"), cases(FAULT))
def test_it_rings_for_its_fault(name: str, series: dict[str, Series]) -> None:
    assert rings(ALARMS[name], series)


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=list(ALARMS))
def test_a_stack_that_nobody_uses_rings_nobody(alarm: Alarm) -> None:
    assert not rings(alarm, dict.fromkeys(alarm.metrics, NOTHING))


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=list(ALARMS))
def test_its_metrics_exist_under_the_dimensions_that_it_names(alarm: Alarm) -> None:
    for metric in alarm.metrics.values():
        dimensions, page = METRICS[metric.namespace, metric.name]
        assert set(metric.dimensions) == dimensions, page
        assert metric.dimensions == {name: DIMENSIONS[name] for name in dimensions}


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=list(ALARMS))
def test_its_window_is_one_that_cloudwatch_takes(alarm: Alarm) -> None:
    assert 1 <= alarm.datapoints <= alarm.minutes <= 60
    # Ids of metric math begin with a small letter.
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", name) for name in alarm.metrics)


def test_a_longer_buffer_may_be_later() -> None:
    (late, *_) = alarms(WATCHED, buffer_seconds=900, function_timeout_s=28)

    assert not rings(late, {"value": steadily(1350)})


def test_the_page_of_operations_has_a_row_for_each_alarm_and_no_other() -> None:
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    table = page.partition("## Alarms")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]{20,} \| [^|]{40,} \|$", table, re.MULTILINE)
    assert rows == list(ALARMS)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a / b", None),
        ("FILL(c, 7)", 7),
        ("IF(a >= 2, 1, 0)", 1),
        ("IF(a >= 3, 1, b)", 0),
        ("c + 1", None),
    ],
)
def test_the_arithmetic_is_cloudwatch_s(expression: str, expected: float | None) -> None:
    assert evaluated(expression, {"a": 2, "b": 0, "c": None}) == expected
