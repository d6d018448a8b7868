"""What must hold of a release's way into a stack: promotion, and limits."""

from typing import Any

import pytest

from components.release.promotion import PromotionError
from components.release.release import release_of
from sandbox.program import PROJECT, main_program, stack_config
from tests.engine import REGION, WITH_SITE, Engine, deploy, deploy_program

# Promotion

DEV = "organization/rrweb-store/dev"


def promote(references: dict[str, dict[str, Any]], **config: str) -> Engine:
    """Return what prod's program registers, other stacks being as told."""
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return deploy(main_program(), {**stack_config("prod"), **WITH_SITE, **own}, references)


def test_prod_takes_what_dev_has_proven() -> None:
    release = release_of(PROJECT)

    prod = promote({DEV: {"release": release, "verifiedReleases": [release]}})

    assert prod.exports["release"] == release


def test_prod_refuses_what_dev_does_not_run() -> None:
    with pytest.raises(PromotionError, match=r"(?s)release: .*dev runs older.*verified: "):
        promote({DEV: {"release": "older", "verifiedReleases": ["older"]}})


def test_prod_takes_it_all_the_same_when_its_configuration_says_so_out_loud() -> None:
    prod = promote({}, promoteAnyway='["release", "verified"]')

    assert prod.exports["release"] == release_of(PROJECT)


def test_prod_refuses_a_layout_that_its_recordings_do_not_have() -> None:
    release = release_of(PROJECT)
    own = {"organization/rrweb-store/test": {"storageLayout": 7}}

    with pytest.raises(PromotionError, match="layout: recordings lie by layout 7"):
        promote({DEV: {"release": release, "verifiedReleases": [release]}, **own})


def test_a_stack_without_a_stage_before_it_refuses_such_a_layout_too() -> None:
    config = {**stack_config("dev"), **WITH_SITE}
    own = {"organization/rrweb-store/test": {"storageLayout": 7}}

    with pytest.raises(PromotionError, match="layout: recordings lie by layout 7"):
        deploy(main_program(), config, own)


TABLE = "aws:dynamodb/table:Table"
BEFORE = {"organization/rrweb-store/test": {"storageLayout": 1}}


def with_earlier_table(references: dict[str, dict[str, Any]]) -> Engine:
    """Return what prod registers that keeps the earlier table, and takes any release."""
    own = {"rrweb-store:promoteFrom": "", "rrweb-store:earlierTable": "true"}
    return deploy(main_program(), {**stack_config("prod"), **WITH_SITE, **own}, references)


def test_a_stack_of_the_release_before_keeps_its_table_and_gets_the_new_one() -> None:
    prod = with_earlier_table(BEFORE)

    earlier = prod.resource(TABLE, "recordings")
    assert set(prod.of_type(TABLE)) == {"recordings", "recordings-by-owner"}
    assert prod.exports["earlierTableName"] == "recordings-1a2b3c4"
    assert prod.exports["tableName"] == "recordings-by-owner-1a2b3c4"
    # As AWS has it already: protected, and to be restored.
    assert earlier.inputs["deletionProtectionEnabled"] is True
    assert earlier.inputs["pointInTimeRecovery"] == {"enabled": True}
    assert (earlier.protect, earlier.retain_on_delete) == (False, True)


def test_a_stack_that_never_had_the_earlier_table_does_not_make_one() -> None:
    with pytest.raises(PromotionError, match="earlierTable would create an empty table"):
        with_earlier_table({})


def test_everything_waits_for_the_promotion_by_way_of_its_provider() -> None:
    release = release_of(PROJECT)
    prod = promote({DEV: {"release": release, "verifiedReleases": [release]}})
    provider = prod.resource("pulumi:providers:aws", "aws")
    others = [one for one in prod.resources if one.custom and one is not provider]

    assert provider.inputs["region"] == REGION
    assert {one.provider for one in others} == {"aws"}
    # The stacks that it read, which are no resources of its own.
    assert {type_ for type_, _ in provider.depends_on} == {"pulumi:pulumi:StackReference"}


# Limits


@pytest.mark.parametrize(("stack", "rate", "burst"), [("dev", 100, 200), ("prod", 500, 1000)])
def test_the_stage_and_the_dearest_operation_are_throttled(
    stack: str, rate: int, burst: int
) -> None:
    settings = deploy_program(stack).of_type("aws:apigateway/methodSettings:MethodSettings")

    limits = {
        one["methodPath"]: (
            one["settings"]["throttlingRateLimit"],
            one["settings"]["throttlingBurstLimit"],
        )
        for one in settings.values()
    }
    visitors = {path: limit for path, limit in limits.items() if path.startswith("w/")}
    assert limits == {"*/*": (rate, burst), "operator/recordings/GET": (5, 10), **visitors}
    # 30,000 visitors of sites: docs/scale.md.
    assert visitors == {
        "w/{key}/recordings/{recordingId}/events/{sequence}/POST": (1300, 2600),
        "w/{key}/recordings/{recordingId}/POST": (200, 400),
        "w/{key}/recordings/{recordingId}/facts/POST": (200, 400),
        "w/{key}/assets/{sha256}/HEAD": (200, 400),
    }


@pytest.mark.parametrize("stack", ["dev", "prod", "pr"])
def test_no_stack_pays_for_waf_unasked(stack: str) -> None:
    engine = deploy_program(stack)

    assert [one.type for one in engine.resources if one.type.startswith("aws:wafv2/")] == []
