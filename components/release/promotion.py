"""Promotion: a stack accepts only a release that is verified and reads the stack's recordings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

REASONS = ("release", "verified", "contract", "layout")
"""Reasons to refuse a promotion; `promoteAnyway` lists those to ignore.

Contracts are compared before the program runs, by `operations.contract_breaks`: docs/adr/0025.
"""
CARRIED_OVER = (1, 2)
"""Storage layouts between which `make carry-over` carries recordings: docs/adr/0033."""


class PromotionError(pulumi.RunError):
    """The release may not be deployed to this stack now; the message says why and what to do.

    Pulumi prints only the message of a `RunError`, without a traceback.
    """


@dataclass(frozen=True, kw_only=True)
class PromotionArgs:
    promote_from: str
    """Full name of the stage before, such as `organization/rrweb-store/dev`; empty for none."""
    stack: str
    """Full name of this stack."""
    release: str
    """Release to deploy."""
    storage_layout: int
    """Version of the storage layout: recordings of another layout cannot be read."""
    earlier_table: bool = False
    """Whether the program keeps the table of the layout before."""
    anyway: tuple[str, ...] = ()
    """Reasons to ignore."""

    def __post_init__(self) -> None:
        if self.promote_from and self.promote_from.count("/") != 2:
            raise ValueError(
                "promote_from must be organization/project/stack, or empty, "
                f"got {self.promote_from!r}"
            )
        if unknown := sorted(set(self.anyway) - set(REASONS)):
            raise ValueError(f"anyway may hold {', '.join(REASONS)}, got {', '.join(unknown)}")


class Promotion(pulumi.ComponentResource):
    """Refuses a release that the stage before has not verified, or that loses recordings."""

    release: pulumi.Output[str]
    """The release, once it may be deployed."""

    def __init__(
        self, name: str, args: PromotionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:Promotion", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own = pulumi.StackReference(f"{name}-own", args.stack, opts=child).outputs
        before = (
            pulumi.StackReference(f"{name}-source", args.promote_from, opts=child).outputs
            if args.promote_from
            else pulumi.Output.from_input({})
        )
        self.release = pulumi.Output.all(before, own).apply(
            lambda outputs: promoted(args, outputs[0] or {}, outputs[1] or {})
        )
        self.register_outputs({"release": self.release})


def promoted(args: PromotionArgs, before: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Return the release.

    Raises:
        PromotionError: It may not be deployed.
    """
    stack = _short(args.stack)
    refused = [
        (reason, why) for reason, why in _refusals(args, before, own) if reason not in args.anyway
    ]
    if refused:
        whys = "\n".join(f"  {reason}: {why}" for reason, why in refused)
        way_out = _way_out([reason for reason, _ in refused], args)
        raise PromotionError(
            f"release {args.release} is not deployed to {stack}:\n{whys}\n{way_out}"
        )
    return args.release


def _refusals(
    args: PromotionArgs, before: Mapping[str, Any], own: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    if args.promote_from:
        yield from _unproven(args, before)
    there = int(own.get("storageLayout") or args.storage_layout)
    why = f"recordings lie by layout {there} and this one reads {args.storage_layout}"
    stack = _short(args.stack)
    if there == args.storage_layout:
        if args.earlier_table and not own.get("earlierTableName"):
            way_out = f"pulumi config rm earlierTable --stack {stack}"
            yield "layout", f"earlierTable would create an empty table. Turn it off: {way_out}"
    elif (there, args.storage_layout) != CARRIED_OVER:
        yield "layout", f"{why}: readers would lose them. Move them, or let them expire"
    elif not args.earlier_table:
        yield "layout", f"{why}. Carry them over: make carry-over STACK={stack}"


def _unproven(args: PromotionArgs, before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    stage = _short(args.promote_from)
    verified: Sequence[str] = before.get("verifiedReleases") or ()
    is_rollback = args.release in verified and before.get("release") != args.release
    if before.get("release") != args.release and not is_rollback:
        runs = before.get("release") or "nothing"
        way_out = f"Deploy this commit there first: make deploy STACK={stage}"
        yield "release", f"{args.promote_from} runs {runs}. {way_out}"
    if args.release not in verified:
        yield (
            "verified",
            f"it was not proven on {args.promote_from}. Do so: make verify STACK={stage}",
        )


def _short(stack: str) -> str:
    """Return the stack's own part of its full name."""
    return stack.rsplit("/", 1)[-1]


def _way_out(refused: Sequence[str], args: PromotionArgs) -> str:
    """Return the command that adds every reason to those that the stack ignores already."""
    members = " ".join(
        f"--plaintext 'promoteAnyway[{at}]={reason}'"
        for at, reason in enumerate(refused, start=len(args.anyway))
    )
    named = "the reason" if len(refused) == 1 else f"all {len(refused)} reasons"
    command = f"pulumi config set-all --path {members} --stack {_short(args.stack)}"
    return f"To do it all the same, name {named} in promoteAnyway: {command}"
