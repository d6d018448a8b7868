"""What a stack can take and costs, and that README says the same."""

import dataclasses
import re

import pytest

from components.cost import ALARM_METRICS, Sizing, capacity, monthly_cost, sent_cost
from sandbox.program import PROJECT
from tests.components.test_alarms import ALARMS

DEFAULT = Sizing(
    shards=1, throttle_rate=100, buffer_seconds=60, retention_days=90, has_alarms=False, waf_rules=0
)


def sized(**fields: int) -> Sizing:
    return dataclasses.replace(DEFAULT, **fields)  # pyright: ignore[reportArgumentType]


def test_a_thousand_hours_are_what_their_requests_cost_and_a_little_more() -> None:
    # 360,000 batches of 5 KB: 1.676 GB in 60,000 objects.
    assert monthly_cost(DEFAULT) == {
        "standing": 10.95,
        "per1000Hours": 2.06,
        "requests": 1.26,
        "stream": 0.01,
        "delivery": 0.68,
        "storage": 0.12,
    }


def test_what_is_asked_for_besides_is_counted() -> None:
    assert monthly_cost(sized(shards=3))["standing"] == 32.85
    assert monthly_cost(sized(has_alarms=True))["standing"] == 12.55
    assert monthly_cost(sized(waf_rules=2))["standing"] == 17.95
    assert monthly_cost(sized(waf_rules=2))["callerLimits"] == 0.22
    assert monthly_cost(sized(buffer_seconds=600))["delivery"] == 0.14


@pytest.mark.parametrize(
    ("fields", "recordings"),
    [
        ({}, 500),
        ({"throttle_rate": 20}, 200),
        ({"shards": 10, "throttle_rate": 10_000}, 500),
    ],
)
def test_the_smallest_bound_is_what_can_record_at_once(
    fields: dict[str, int], recordings: int
) -> None:
    assert capacity(sized(**fields))["concurrentRecordings"] == recordings


def test_the_metrics_of_the_alarms_are_counted() -> None:
    assert sum(len(alarm.metrics) for alarm in ALARMS.values()) == ALARM_METRICS


def test_readme_says_what_it_costs() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z ]+), this store \| ([\d.]+) \|", text, re.MULTILINE))
    cost = monthly_cost(DEFAULT)

    assert {name: float(value) for name, value in rows.items()} == {
        "standing still": cost["standing"],
        "a thousand recorded hours": cost["per1000Hours"],
    }


def test_what_was_sent_costs_by_calls_records_and_bytes() -> None:
    def cost(records: int = 0, objects: int = 0, stored_bytes: int = 0) -> float:
        sizes = [1] * records
        return sent_cost(calls=10**6, records=sizes, objects=objects, stored_bytes=stored_bytes)

    assert round(cost(), 4) == 3.5
    assert round(cost(records=10**6), 4) == 3.7477
    assert round(cost(objects=10**6), 4) == 13.5
    assert round(cost(stored_bytes=2**30), 4) == 3.523
