"""PythonFunction: a Lambda function of plain Python files, with its role and its log group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import cloudwatch, lambda_

from components.foundation.log_retention import check_log_retention
from components.foundation.role import allow_policy, service_role

Statement = tuple[str | list[str], pulumi.Input[str]]
"""An action, or several, and the ARN on which they are allowed."""


@dataclass(frozen=True, kw_only=True)
class PythonFunctionArgs:
    package: Path
    """Folder of a package that needs only boto3; the archive holds it under its own name."""
    handler: str
    """Dotted name of the function to call, such as `handlers.get_events.handler`."""
    environment: Mapping[str, pulumi.Input[str]]
    """Variables that the handler reads."""
    statements: Sequence[Statement]
    """All that the function may do, besides writing its own log."""
    memory_mib: int = 1024
    """Memory, and with it the share of a processor (1,769 MiB is one). 128 to 10,240."""
    timeout_seconds: int = 28
    """Under API Gateway's 29 s, so that the function can still answer. 1 to 900."""
    log_retention_days: int = 30
    """Days that CloudWatch keeps its log."""

    def __post_init__(self) -> None:
        check_log_retention(self.log_retention_days)
        if not 128 <= self.memory_mib <= 10_240:
            raise ValueError(f"memory_mib must be 128..10240, got {self.memory_mib}")
        if not 1 <= self.timeout_seconds <= 900:
            raise ValueError(f"timeout_seconds must be 1..900, got {self.timeout_seconds}")


class PythonFunction(pulumi.ComponentResource):
    """The function, which can do what its statements say and write its own log."""

    function: lambda_.Function
    """The function itself."""

    def __init__(
        self, name: str, args: PythonFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:PythonFunction", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        log = cloudwatch.LogGroup(name, retention_in_days=args.log_retention_days, opts=child)
        arns = pulumi.Output.all(log.arn, *(arn for _, arn in args.statements))
        policy = arns.apply(
            lambda known: allow_policy(
                [
                    (["logs:CreateLogStream", "logs:PutLogEvents"], f"{known[0]}:*"),
                    *(
                        (action, str(arn))
                        for (action, _), arn in zip(args.statements, known[1:], strict=True)
                    ),
                ]
            )
        )
        role, attached = service_role(name, "lambda.amazonaws.com", policy, child)
        self.function = lambda_.Function(
            name,
            runtime="python3.13",
            architectures=["arm64"],
            handler=args.handler,
            code=package_archive(args.package),
            role=role.arn,
            memory_size=args.memory_mib,
            timeout=args.timeout_seconds,
            environment={"variables": dict(args.environment)},
            logging_config={"log_format": "JSON", "log_group": log.name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[attached]),
        )
        self.register_outputs({"functionArn": self.function.arn})


def package_archive(package: Path) -> pulumi.AssetArchive:
    """Return an archive of the package's Python files only."""
    files = sorted(package.rglob("*.py"))
    return pulumi.AssetArchive(
        {str(file.relative_to(package.parent)): pulumi.FileAsset(str(file)) for file in files}
    )
