"""Roles that one AWS service assumes to do one thing."""

import json
from collections.abc import Sequence

import pulumi
from pulumi_aws import iam


def trust_policy(service: str) -> str:
    """Return the trust policy, as JSON, of a role that `service` (a host name) may assume."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
            ],
        }
    )


def allow_policy(statements: Sequence[tuple[str | list[str], str | list[str]]]) -> str:
    """Return a policy, as JSON, that allows each (actions, ARNs) and nothing else."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": action, "Resource": resource}
                for action, resource in statements
            ],
        }
    )


def service_role(
    name: str, service: str, policy: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> tuple[iam.Role, iam.RolePolicy]:
    """Return a role that `service` assumes, and its only policy.

    A resource that uses the role when it is created, as Firehose does, must depend on the policy
    too: AWS checks the permissions then.
    """
    role = iam.Role(name, assume_role_policy=trust_policy(service), opts=opts)
    return role, iam.RolePolicy(name, role=role.name, policy=policy, opts=opts)


def gateway_role(
    name: str,
    statements: Sequence[tuple[str, pulumi.Input[str | list[str]]]],
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Return the ARN of a role by which API Gateway may do each (action, ARNs) and nothing else."""
    arns = pulumi.Output.all(*(arn for _, arn in statements))
    actions = [action for action, _ in statements]
    policy = arns.apply(lambda known: allow_policy(list(zip(actions, known, strict=True))))
    role, attached = service_role(name, "apigateway.amazonaws.com", policy, opts)
    # The ARN becomes known once the policy exists, so that no request comes too early.
    return pulumi.Output.all(role.arn, attached.id).apply(lambda known: str(known[0]))
