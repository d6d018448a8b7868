"""Each alarm: about a metric that exists, silent when all is well, loud for its fault."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from components.watch.alarms import Alarm, alarms
from components.watch.cost import ALARM_METRICS
from tests.components.cloudwatch import METRICS, Series, evaluated, rings
from tests.components.watch.given import SETTINGS, WATCHED

ALARMS = {alarm.name: alarm for alarm in alarms(WATCHED, SETTINGS)}
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
each = pytest.mark.parametrize("alarm", ALARMS.values(), ids=list(ALARMS))
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
        {"errors": steadily(0), "calls": steadily(1)},
        {"errors": steadily(5), "calls": steadily(100)},
        {"errors": lately(50, 2), "calls": steadily(100)},
    ],
    "reading-throttled": [{"value": NOTHING}, {"value": lately(9, 2, before=None)}],
    "reading-slow": [{"value": steadily(4000)}, {"value": lately(28_000, 2)}],
    "api-failing": [
        {"faults": steadily(0), "calls": steadily(1)},
        {"faults": lately(1, 2), "calls": steadily(1)},  # a moment of an outage
        {"faults": steadily(2), "calls": steadily(200)},
    ],
    "api-slow": [{"value": steadily(200)}, {"value": lately(20_000, 9)}],
    "table-read-throttled": [{"value": NOTHING}, {"value": lately(9, 2, before=None)}],
    "table-write-throttled": [{"value": NOTHING}, {"value": lately(9, 2, before=None)}],
    "erasure-failed": [{"value": NOTHING}, {"value": steadily(0)}],
    "keeping-failed": [{"value": NOTHING}, {"value": steadily(0)}],
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
        {"errors": lately(6, 3), "calls": steadily(100)},
        {"errors": lately(1, 3, before=None), "calls": lately(1, 3, before=None)},
    ],
    # As when the account has no concurrency left: nothing else is published then.
    "reading-throttled": [{"value": lately(1, 3, before=None)}],
    "reading-slow": [{"value": lately(23_000, 3)}],
    "api-failing": [
        {"faults": lately(3, 3), "calls": steadily(200)},
        {"faults": lately(1, 3, before=None), "calls": lately(1, 3, before=None)},
    ],
    "api-slow": [{"value": lately(6000, 10)}],
    "table-read-throttled": [{"value": lately(1, 3, before=None)}],
    "table-write-throttled": [{"value": lately(1, 3, before=None)}],
    "erasure-failed": [{"value": lately(1, 1, before=None)}],
    "keeping-failed": [{"value": lately(1, 1, before=None)}],
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


@each
def test_a_stack_that_nobody_uses_rings_nobody(alarm: Alarm) -> None:
    assert not rings(alarm, dict.fromkeys(alarm.metrics, NOTHING))


def around(alarm: Alarm, datapoints: int, step: float, *, late: int = 0) -> dict[str, Series]:
    """Return so many minutes that are beside the threshold, behind minutes that are good.

    Args:
        step: how far beside it, to the side where it rings; 0 is the threshold itself.
        late: newest minutes whose values CloudWatch does not have yet.
    """
    value = alarm.threshold + (-step if alarm.is_under else step)
    good = alarm.threshold + (1 if alarm.is_under else 0)
    series = [*[good] * (20 - datapoints - late), *[value] * datapoints, *[None] * late]
    first, *others = alarm.metrics
    # Of 100 calls, so many are so many percent.
    return {first: series, **dict.fromkeys(others, steadily(100))}


@each
def test_it_rings_just_over_its_threshold_for_as_long_as_it_says(alarm: Alarm) -> None:
    assert rings(alarm, around(alarm, alarm.datapoints, 0.001))


@each
def test_it_is_silent_for_a_minute_less_or_at_the_threshold_itself(alarm: Alarm) -> None:
    assert not rings(alarm, around(alarm, alarm.datapoints - 1, 0.001))
    assert not rings(alarm, around(alarm, 20, 0))


@each
def test_values_that_come_late_wake_nobody_and_hide_nothing(alarm: Alarm) -> None:
    spare = alarm.minutes - alarm.datapoints

    assert rings(alarm, around(alarm, alarm.datapoints, 0.001, late=spare))
    assert not rings(alarm, around(alarm, alarm.datapoints - 1, 0.001, late=spare + 1))


# What is published in the same minutes, by the pages of METRICS: each with every request or call.
TOGETHER = [
    {"AWS/Lambda Errors", "AWS/Lambda Invocations"},
    {"AWS/ApiGateway 5XXError", "AWS/ApiGateway Count"},
]


@each
def test_what_it_puts_together_is_published_together(alarm: Alarm) -> None:
    named = {f"{one.namespace} {one.name}" for one in alarm.metrics.values()}

    assert len(named) == 1 or named in TOGETHER


@each
def test_its_metrics_exist_under_the_dimensions_that_it_names(alarm: Alarm) -> None:
    for metric in alarm.metrics.values():
        dimensions, page = METRICS[metric.namespace, metric.name]
        assert set(metric.dimensions) == dimensions, page
        machine = WATCHED.keeping if alarm.name == "keeping-failed" else WATCHED.erasure
        named = {**DIMENSIONS, "StateMachineArn": machine}
        assert metric.dimensions == {name: named[name] for name in dimensions}


@each
def test_its_window_is_one_that_cloudwatch_takes(alarm: Alarm) -> None:
    assert 1 <= alarm.datapoints <= alarm.minutes <= 60
    # Ids of metric math begin with a small letter.
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", name) for name in alarm.metrics)


def test_a_longer_buffer_may_be_later() -> None:
    (late, *_) = alarms(WATCHED, replace(SETTINGS, buffer_seconds=900))

    assert not rings(late, {"value": steadily(1350)})


def test_the_page_of_operations_has_a_row_for_each_alarm_and_no_other() -> None:
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    table = page.partition("## Alarms")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]{20,} \| [^|]{40,} \|$", table, re.MULTILINE)
    assert rows == list(ALARMS)


def test_every_metric_of_an_alarm_is_in_the_price() -> None:
    assert sum(len(alarm.metrics) for alarm in ALARMS.values()) == ALARM_METRICS


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a / b", None),
        ("100 * b / a", 0),
        ("c + 1", None),
        ("100 * c / a", None),
    ],
)
def test_the_arithmetic_is_cloudwatch_s(expression: str, expected: float | None) -> None:
    assert evaluated(expression, {"a": 2, "b": 0, "c": None}) == expected
