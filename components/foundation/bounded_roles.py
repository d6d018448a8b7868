"""Puts every role of a stack under a path and inside a permissions boundary."""

from collections.abc import Callable

import pulumi

Transformation = Callable[
    [pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None
]


def bounded_roles(boundary_arn: str, path: str) -> list[Transformation]:
    """Return the `transformations` for a provider's options; none without a boundary.

    The deploy role may then create roles under that path and inside that boundary only:
    bootstrap/permissions.py. An existing role is replaced, because its path changes.

    Raises:
        ValueError: The boundary is no ARN of a policy.
    """
    if not boundary_arn:
        return []
    if ":policy/" not in boundary_arn or not boundary_arn.startswith("arn:"):
        raise ValueError(f"permissionsBoundary must be the ARN of a policy, got {boundary_arn!r}")

    def bounded(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != "aws:iam/role:Role":
            return None
        props = {**args.props, "permissions_boundary": boundary_arn, "path": path}
        return pulumi.ResourceTransformationResult(props, args.opts)

    return [bounded]
