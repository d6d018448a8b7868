"""When a release may go to the next stage, and what is said when it may not."""

import dataclasses
from typing import Any

import pulumi
import pytest

from components.release.promotion import PromotionArgs, PromotionError, promoted

DEV = "organization/rrweb-store/dev"
PROD = "organization/rrweb-store/prod"
PROVEN = {"release": "r2", "verifiedReleases": ["r2", "r1"]}


def asked(release: str = "r2", *, anyway: tuple[str, ...] = (), layout: int = 1) -> PromotionArgs:
    return PromotionArgs(
        promote_from=DEV,
        stack=PROD,
        release=release,
        storage_layout=layout,
        anyway=anyway,
    )


def running(layout: int = 1) -> dict[str, Any]:
    """Return the exports of a prod that runs."""
    return {"storageLayout": float(layout)}


def test_what_was_proven_may_go_to_a_first_prod_and_to_one_that_runs() -> None:
    assert promoted(asked(), PROVEN, {}) == "r2"
    assert promoted(asked(), PROVEN, running()) == "r2"


def test_an_earlier_release_that_was_proven_may_come_back() -> None:
    assert promoted(asked("r1"), PROVEN, running()) == "r1"


@pytest.mark.parametrize(
    ("args", "before", "own", "reason", "way_out"),
    [
        (asked("r3"), PROVEN, {}, "release", "make deploy STACK=dev"),
        (asked("r3"), {}, {}, "release", "runs nothing"),
        (asked(), {"release": "r2", "verifiedReleases": []}, {}, "verified", "make verify"),
        (asked(layout=2), PROVEN, running(), "layout", "make carry-over STACK=prod"),
        (asked(layout=1), PROVEN, running(2), "layout", "Move them"),
        (asked(layout=3), PROVEN, running(), "layout", "Move them"),
    ],
)
def test_a_refusal_says_what_to_do(
    args: PromotionArgs, before: dict[str, Any], own: dict[str, Any], reason: str, way_out: str
) -> None:
    with pytest.raises(PromotionError, match=f"(?s)to prod:.* {reason}: .*{way_out}"):
        promoted(args, before, own)


@pytest.mark.parametrize(
    ("args", "reasons"),
    [
        (asked("r3"), [(0, "release"), (1, "verified")]),
        (asked("r3", layout=2), [(0, "release"), (1, "verified"), (2, "layout")]),
        # What is named already stays.
        (asked("r3", anyway=("release",)), [(1, "verified")]),
    ],
)
def test_one_command_names_every_reason_that_refuses(
    args: PromotionArgs, reasons: list[tuple[int, str]]
) -> None:
    with pytest.raises(PromotionError) as refusal:
        promoted(args, PROVEN, running())

    members = " ".join(f"--plaintext 'promoteAnyway[{at}]={reason}'" for at, reason in reasons)
    way_out = f"promoteAnyway: pulumi config set-all --path {members} --stack prod"
    assert str(refusal.value).endswith(way_out)


def test_a_refusal_is_one_that_pulumi_prints_without_the_code_that_led_to_it() -> None:
    with pytest.raises(pulumi.RunError, match="is not deployed to prod"):
        promoted(asked("r3"), PROVEN, {})


@pytest.mark.parametrize("missing", [0, 1])
def test_a_reason_that_is_named_refuses_no_more_and_no_other(missing: int) -> None:
    reasons = ("release", "verified")

    assert promoted(asked("r3", anyway=reasons), PROVEN, {}) == "r3"
    with pytest.raises(PromotionError, match=f"  {reasons[missing]}: "):
        promoted(asked("r3", anyway=(reasons[1 - missing],)), PROVEN, {})


def test_a_reason_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="anyway may hold release, verified, contract, layout"):
        asked(anyway=("everything",))


def test_the_source_is_a_full_name() -> None:
    with pytest.raises(ValueError, match="organization/project/stack"):
        PromotionArgs(promote_from="dev", stack=PROD, release="r", storage_layout=1)


# A stack's own recordings, wherever its releases come from.

ALONE = PromotionArgs(promote_from="", stack=DEV, release="r2", storage_layout=2)
WITH_EARLIER = dataclasses.replace(ALONE, earlier_table=True)


def refusal(args: PromotionArgs, own: dict[str, Any]) -> str:
    with pytest.raises(PromotionError) as refused:
        promoted(args, {}, own)
    return str(refused.value)


def test_a_stack_that_takes_any_release_refuses_one_that_would_drop_its_table() -> None:
    assert refusal(ALONE, running(1)) == (
        "release r2 is not deployed to dev:\n"
        "  layout: recordings lie by layout 1 and this one reads 2. "
        "Carry them over: make carry-over STACK=dev\n"
        "To do it all the same, name the reason in promoteAnyway: "
        "pulumi config set-all --path --plaintext 'promoteAnyway[0]=layout' --stack dev"
    )


@pytest.mark.parametrize(
    "own",
    [
        running(1),
        {**running(2), "earlierTableName": "rrweb-store-dev-recordings-1a2b3c4"},
    ],
)
def test_with_the_earlier_table_it_takes_that_release_and_the_ones_after_it(
    own: dict[str, Any],
) -> None:
    assert promoted(WITH_EARLIER, {}, own) == "r2"


@pytest.mark.parametrize(
    "own",
    [{}, {**running(2), "earlierTableName": "rrweb-store-dev-recordings-1a2b3c4"}, running(2)],
)
def test_without_the_earlier_table_a_new_stack_and_one_that_is_carried_over_take_it(
    own: dict[str, Any],
) -> None:
    assert promoted(ALONE, {}, own) == "r2"


@pytest.mark.parametrize("own", [{}, running(2), {**running(2), "earlierTableName": ""}])
def test_no_stack_makes_an_earlier_table_that_it_never_had(own: dict[str, Any]) -> None:
    assert refusal(WITH_EARLIER, own).startswith(
        "release r2 is not deployed to dev:\n"
        "  layout: earlierTable would create an empty table. Turn it off: "
        "pulumi config rm earlierTable --stack dev\n"
    )


def test_a_table_that_pulumi_knows_and_the_exports_do_not_is_kept_when_told() -> None:
    args = dataclasses.replace(WITH_EARLIER, anyway=("layout",))

    assert promoted(args, {}, running(2)) == "r2"


def test_a_stack_whose_recordings_may_be_lost_says_so() -> None:
    assert promoted(dataclasses.replace(ALONE, anyway=("layout",)), {}, running(1)) == "r2"


def test_the_earlier_table_is_no_way_to_a_layout_that_nothing_carries_over() -> None:
    args = dataclasses.replace(WITH_EARLIER, storage_layout=3)

    assert "layout 1 and this one reads 3: readers would lose them." in refusal(args, running(1))
