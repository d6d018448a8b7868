"""The policy pack that Pulumi's engine starts for `--policy-pack policy`."""

import sys
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

# Pulumi puts only this folder on the path.
sys.path.insert(0, str(Path(__file__).parent.parent))

from policy.resource import Resource, Rule, StackRule
from policy.rules import RULES, STACK_RULES


def resource_policy(rule: Rule) -> ResourceValidationPolicy:
    """Return the rule as a Pulumi policy. The update checks values that a preview does not know."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        one = Resource(
            type=args.resource_type,
            name=args.name,
            stack=stack_of(args.urn),
            props=args.props,
            protect=args.opts.protect,
            urn=args.urn,
        )
        for violation in rule.violations(one, args.get_config().get("stacks")):
            report(violation, None)

    return ResourceValidationPolicy(
        name=rule.name,
        description=rule.description,
        validate=validate,
        config_schema=_stacks(rule.stacks) if rule.stacks else None,
    )


def stack_policy(rule: StackRule) -> StackValidationPolicy:
    """Return the rule as a Pulumi policy."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for one, violation in rule.violations([known(resource) for resource in args.resources]):
            report(violation, one.urn)

    return StackValidationPolicy(name=rule.name, description=rule.description, validate=validate)


def known(resource: PolicyResource) -> Resource:
    """Return a resource of a finished preview or update."""
    return Resource(
        type=resource.resource_type,
        name=resource.name,
        stack=stack_of(resource.urn),
        props=resource.props,
        protect=resource.opts.protect,
        urn=resource.urn,
        depends_on=frozenset(one.urn for one in resource.dependencies),
    )


def stack_of(urn: str) -> str:
    """Return the stack that a URN names: `urn:pulumi:<stack>::<project>::<types>::<name>`."""
    return urn.removeprefix("urn:pulumi:").partition("::")[0]


def _stacks(default: tuple[str, ...]) -> PolicyConfigSchema:
    described: dict[str, dict[str, Any]] = {
        "stacks": {"type": "array", "items": {"type": "string"}, "default": list(default)}
    }
    return PolicyConfigSchema(properties=described)


if __name__ == "__main__":
    PolicyPack(
        name="rrweb-store",
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[*map(resource_policy, RULES), *map(stack_policy, STACK_RULES)],
    )
