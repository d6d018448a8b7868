"""The account's deploy roles and their limits: see docs/deploy.md."""

import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

# Pulumi puts only this folder on the path.
sys.path.insert(0, str(Path(__file__).parent.parent))

from bootstrap.deploy_role import DeployRole, DeployRoleArgs
from bootstrap.stages import STAGES, stage_named

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
provider = aws.Provider(
    "aws", region=region, default_tags={"tags": {"project": pulumi.get_project()}}
)
in_account = pulumi.ResourceOptions(provider=provider)

known = config.get("providerArn")
issuer_arn = (
    pulumi.Output.from_input(known)
    if known
    else aws.iam.OpenIdConnectProvider(
        "github",
        url="https://token.actions.githubusercontent.com",
        client_id_lists=["sts.amazonaws.com"],
        opts=in_account,
    ).arn
)
old_names: dict[str, list[str]] = config.get_object("oldNames") or {}
for stage in map(stage_named, config.get_object("stages") or list(STAGES)):
    role = DeployRole(
        f"rrweb-store-{stage.name}",
        DeployRoleArgs(
            stage=stage,
            subject=config.require("subject"),
            issuer_arn=issuer_arn,
            state_bucket=config.require("stateBucket"),
            region=region,
            old_names=tuple(old_names.get(stage.stacks, ())),
        ),
        in_account,
    )
    pulumi.export(f"{stage.name}RoleArn", role.role.arn)
    if role.boundary:
        pulumi.export(f"{stage.name}BoundaryArn", role.boundary.arn)
