"""What a stack can take and costs, and that the documents say the same."""

import dataclasses
import json
from typing import Any

import pytest
import yaml

from components.watch.cost import (
    Sizing,
    batches_for_a_shard,
    capacity,
    crossing_bytes,
    minutes_of_sites,
    monthly_cost,
    sent_cost,
    sent_site_cost,
    streamed_batch,
)
from components.watch.prices import S3_PUT
from components.watch.usage import (
    ENVELOPE_BYTES,
    MINUTE_KB,
    MINUTE_REQUESTS,
    SITE_MINUTE_KB,
    SITE_MINUTE_REQUESTS,
    VISIT_MINUTES,
)
from operations.costs import (
    DEFAULTS,
    batches_table,
    comparison_table,
    crossing_table,
    sessions_cost,
    visits_cost,
    ways_table,
)
from operations.finding_costs import Search, finding_table
from sandbox.program import PROJECT

DEFAULT = DEFAULTS


def sized(**fields: Any) -> Sizing:
    return dataclasses.replace(DEFAULT, **fields)


def test_a_thousand_hours_are_sixty_thousand_of_the_measured_minute() -> None:
    # 360,000 requests, 180,000 of them batches of 60 kB: 10.06 GB, counted as 13.73 GB by
    # Firehose, in 60,000 objects.
    assert monthly_cost(DEFAULT) == {
        "standing": 10.95,
        "per1000Hours": 3.2,
        "requests": 1.26,
        "table": 0.08,
        "stream": 0.01,
        "delivery": 1.23,
        "storage": 0.62,
        # 240,000 requests, 120,000 of them objects of 75 kB, and six writes for each recording.
        "per1000SiteHours": 2.21,
        "sites": {"requests": 0.84, "table": 0.23, "objects": 0.6, "storage": 0.55},
    }


def test_the_minute_is_the_recorder_s_as_it_was_measured() -> None:
    measured = (PROJECT / "docs" / "recorder.md").read_text(encoding="utf-8")
    costs = (PROJECT / "docs" / "costs.md").read_text(encoding="utf-8")

    assert f"\n| this one | {MINUTE_REQUESTS} | {MINUTE_KB} |" in measured
    assert (
        f"{MINUTE_REQUESTS} requests and {MINUTE_KB} kB of a user, {SITE_MINUTE_REQUESTS} requests "
        f"and {SITE_MINUTE_KB} kB of a visitor" in costs
    )


def test_what_is_asked_for_besides_is_counted() -> None:
    assert monthly_cost(sized(shards=3))["standing"] == 32.85
    assert monthly_cost(sized(has_alarms=True))["standing"] == 12.75
    assert monthly_cost(sized(waf_rules=2))["standing"] == 17.95
    assert monthly_cost(sized(waf_rules=2))["callerLimits"] == 0.22
    assert minutes_of_sites(sized(waf_rules=2), 1_000_000)["callerLimits"] == 2.4
    assert monthly_cost(sized(buffer_seconds=600))["delivery"] == 0.69


@pytest.mark.parametrize(
    ("fields", "recordings"),
    [
        ({}, 276),
        ({"throttle_rate": 10}, 200),
        ({"shards": 10, "throttle_rate": 10_000}, 500),
    ],
)
def test_the_smallest_bound_is_what_can_record_at_once(
    fields: dict[str, int], recordings: int
) -> None:
    assert capacity(sized(**fields))["concurrentRecordings"] == recordings


@pytest.mark.parametrize(
    ("fields", "visitors"),
    [
        ({}, 2_307),
        ({"throttle_rate": 500}, 11_538),
        ({"operation_rates": {"appendSiteEvents": 1_300}}, 30_000),
        ({"operation_rates": {"appendSiteEvents": 1_300, "putSiteFacts": 50}}, 15_000),
    ],
)
def test_visitors_are_bounded_by_the_operation_that_is_full_first(
    fields: dict[str, Any], visitors: int
) -> None:
    assert capacity(sized(**fields))["concurrentVisitors"] == visitors


def test_from_the_crossing_on_an_object_for_each_batch_is_cheaper() -> None:
    crossing = crossing_bytes(60)

    assert crossing == 26_692
    assert streamed_batch(crossing - 1, 60) < S3_PUT <= streamed_batch(crossing, 60)


def test_the_page_says_how_many_small_batches_pay_for_a_shard() -> None:
    text = (PROJECT / "docs" / "costs.md").read_text(encoding="utf-8")

    millions = batches_for_a_shard(5_000, 60) / 1_000_000
    assert f"only: {millions:.1f} million of 5 kB in a month save as much as its shard" in text


def test_readme_says_what_a_thousand_sessions_cost() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    standing = monthly_cost(DEFAULT)["standing"]

    assert (
        f"**1,000 visits of {VISIT_MINUTES} minutes: US$ {visits_cost(1_000):.2f}**, or US$ "
        f"{sessions_cost(1_000):.2f} for signed-in users, plus US$ {standing} a month" in text
    )


def test_the_page_has_the_tables_that_the_script_prints() -> None:
    text = (PROJECT / "docs" / "costs.md").read_text(encoding="utf-8")

    assert f"\n\n{ways_table()}\n\n" in text
    assert f"\n\n{crossing_table()}\n\n" in text
    assert f"\n\n{batches_table()}\n\n" in text
    assert f"\n\n{comparison_table()}\n\n" in text
    assert f"\n\n{finding_table()}\n\n" in text


@pytest.mark.parametrize(("items", "pages"), [(1, 1), (1_000, 1), (1_001, 2), (10_000, 10)])
def test_a_page_looks_through_a_thousand_recordings(items: int, pages: int) -> None:
    assert Search(items=items).pages == pages


def test_a_page_of_a_thousand_costs_its_request_and_a_unit_for_each_8_kib() -> None:
    assert round(Search(items=1_000).price * 1_000_000, 3) == round(3.5 + 123 * 0.125, 3)


def test_the_tables_are_of_the_settings_defaults() -> None:
    defaults = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]

    assert (
        Sizing(
            shards=defaults["shardCount"]["default"],
            throttle_rate=defaults["throttleRate"]["default"],
            buffer_seconds=defaults["firehoseBufferSeconds"]["default"],
            retention_days=defaults["retentionDays"]["default"],
            has_alarms=defaults["alarms"]["default"],
            waf_rules=0,
        )
        == DEFAULTS
    )


def test_an_envelope_is_no_smaller_than_it_is_counted() -> None:
    envelope = {
        "userId": "0" * 36,
        "recordingId": "0" * 36,
        "sequence": 10**8,
        "receivedAtMs": 10**12,
        "requestId": "0" * 36,
        "encoding": "gzip",
        "events": "",
    }

    assert 0.8 * ENVELOPE_BYTES < len(json.dumps(envelope)) <= ENVELOPE_BYTES


def test_what_was_sent_costs_by_calls_records_and_bytes() -> None:
    def cost(records: int = 0, objects: int = 0, stored_bytes: int = 0) -> float:
        sizes = [1] * records
        return sent_cost(calls=10**6, records=sizes, objects=objects, stored_bytes=stored_bytes)

    assert round(cost(), 4) == 3.5
    assert round(cost(records=10**6), 4) == 3.7477
    assert round(cost(objects=10**6), 4) == 13.5
    assert round(cost(stored_bytes=2**30), 4) == 3.523


def test_what_was_sent_to_a_site_costs_by_calls_objects_writes_and_bytes() -> None:
    def cost(calls: int = 0, objects: int = 0, writes: int = 0, stored_bytes: int = 0) -> float:
        return sent_site_cost(
            calls=calls, objects=objects, writes=writes, stored_bytes=stored_bytes
        )

    assert round(cost(calls=10**6), 4) == 3.5
    assert round(cost(objects=10**6), 4) == 5.0
    assert round(cost(writes=10**6), 4) == 1.875
    assert round(cost(stored_bytes=2**30), 4) == 0.023
    measured = cost(
        calls=1_000 * SITE_MINUTE_REQUESTS,
        objects=2_000,
        writes=2_000,
        stored_bytes=1_000_000 * SITE_MINUTE_KB,
    )
    assert measured <= 0.032  # US$ for 1,000 minutes, which the recorder was built for
