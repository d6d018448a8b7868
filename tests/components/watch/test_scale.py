"""What docs/scale.md says of many visitors is what the module calculates."""

from collections.abc import Callable

import pytest

from components.watch.quotas import API_CALLS_A_SECOND, PARTITION_WRITES_A_SECOND
from components.watch.scale import (
    USER,
    VISITOR,
    concurrent_visitors,
    loads_of_users,
    month_of_site,
    site_bounds,
)
from components.watch.usage import SITE_MINUTE_KB
from operations.scale import (
    default_rates,
    site_bounds_table,
    site_loads_table,
    site_month_table,
    user_bounds_table,
    user_loads_table,
    user_month_table,
)
from sandbox.program import PROJECT

PAGE = (PROJECT / "docs" / "scale.md").read_text(encoding="utf-8")
OF_VISITORS = (
    *("appendSiteEvents", "createSiteRecording", "putSiteFacts"),
    *("headSiteAsset", "putSiteAsset"),
)


@pytest.mark.parametrize(
    "table",
    [
        site_loads_table,
        site_bounds_table,
        site_month_table,
        user_loads_table,
        user_bounds_table,
        user_month_table,
    ],
)
def test_the_page_has_the_tables_that_the_script_prints(table: Callable[[], str]) -> None:
    assert f"\n\n{table()}\n\n" in PAGE


def test_a_visit_is_in_the_range_that_the_recorder_was_built_for() -> None:
    assert VISITOR.calls * 60 == pytest.approx(3.0)
    assert USER.calls * 60 == pytest.approx(3.6)
    assert f"on 3 pages and sends {SITE_MINUTE_KB} kB a minute, in a batch every 30" in PAGE


def test_the_first_limit_that_is_reached_is_what_a_stack_takes() -> None:
    assert concurrent_visitors(default_rates()) == 30_000
    assert concurrent_visitors(lambda _: 100) == 2_307
    assert concurrent_visitors(lambda _: 10_000) == 80_769  # a prefix of S3


def test_the_page_says_how_many_limits_a_million_visitors_pass() -> None:
    bounds = site_bounds(default_rates())

    passed = [bound.name for bound in bounds if bound.visitors < 1_000_000]
    share = bounds[0].visitors / 1_000_000
    partition = next(bound for bound in bounds if "a site's partition" in bound.name)
    sites = -(-partition.needed(1_000_000) // PARTITION_WRITES_A_SECOND)
    assert len(passed) == 7
    assert "pass seven of these limits" in PAGE
    assert f"divide the site into at least {sites}," in PAGE
    assert f"`sampleShare: {share:g}` records {bounds[0].visitors:,} of them" in PAGE


def test_the_operations_of_visitors_leave_room_in_the_account() -> None:
    together = sum(default_rates()(operation) for operation in OF_VISITORS)

    assert f"Together these are {together:,} requests a second, a fifth of" in PAGE
    assert together == API_CALLS_A_SECOND / 5


def test_the_table_s_writes_of_visitors_fit_a_site_s_partition() -> None:
    rate_of = default_rates()

    assert rate_of("createSiteRecording") + rate_of("putSiteFacts") <= PARTITION_WRITES_A_SECOND


def test_users_need_a_shard_for_each_megabyte_a_second() -> None:
    assert loads_of_users(276)["shards of the stream"] == 1
    assert loads_of_users(277)["shards of the stream"] == 2


def test_a_larger_month_is_cheaper_by_the_tiers_of_the_prices() -> None:
    small, large = month_of_site(10, 30), month_of_site(10_000_000, 30)

    assert large["API Gateway"] < 0.5 * 1_000_000 * small["API Gateway"]
    assert large["S3, objects"] == pytest.approx(1_000_000 * small["S3, objects"])
