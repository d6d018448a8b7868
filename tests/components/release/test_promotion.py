"""When a release may go to the next stage, and what is said when it may not."""

from typing import Any

import pulumi
import pytest

from components.release.promotion import PromotionArgs, PromotionError, promoted

DEV = "organization/rrweb-store/dev"
PROVEN = {"release": "r2", "verifiedReleases": ["r2", "r1"]}


def asked(release: str = "r2", *, anyway: tuple[str, ...] = (), layout: int = 1) -> PromotionArgs:
    return PromotionArgs(
        promote_from=DEV,
        stack="prod",
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
        (asked(layout=2), PROVEN, running(), "layout", "Move them"),
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
        PromotionArgs(promote_from="dev", stack="prod", release="r", storage_layout=1)
