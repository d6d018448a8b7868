"""DeployRole: what a job of GitHub's may do to a stage, for an hour and without a stored key."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import iam

from bootstrap.permissions import Account, deploy_statements, look_statements
from bootstrap.stages import Stage

ISSUER = "token.actions.githubusercontent.com"
# With the numbers of owner and repository, where GitHub puts them into the subject.
_SUBJECT = re.compile(r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?")
PROJECT = "rrweb-store"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_INLINE_CHARACTERS = 10_240


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    stage: Stage
    subject: str
    """What the subject of the repository's tokens begins with, such as `repo:you/rrweb-store`."""
    issuer_arn: pulumi.Input[str]
    """The account's provider for GitHub's tokens."""
    boundary_arn: pulumi.Input[str]
    """What the roles that it makes may do at most."""
    state_bucket: str
    """Of Pulumi's state."""
    region: str
    """Where the stage is."""

    def __post_init__(self) -> None:
        if not _SUBJECT.fullmatch(self.subject):
            raise ValueError(
                f"subject must be repo:owner/name, without a wildcard, got {self.subject!r}"
            )


class DeployRole(pulumi.ComponentResource):
    """A role that only jobs of one repository and one environment get."""

    role: iam.Role
    """What the workflow names as `role-to-assume`."""

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:bootstrap:DeployRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.role = iam.Role(
            name,
            name=name,  # the workflows' variables name it
            description=f"Deploys {args.stage.stacks} of the rrweb store from GitHub",
            max_session_duration=7200,  # an end-to-end run waits for Firehose
            assume_role_policy=pulumi.Output.from_input(args.issuer_arn).apply(
                lambda arn: trust_policy(arn, f"{args.subject}:{args.stage.claim}")
            ),
            opts=child,
        )
        iam.RolePolicy(
            name,
            role=self.role.name,
            policy=pulumi.Output.from_input(args.boundary_arn).apply(
                lambda arn: stage_policy(args, boundary_arn=arn)
            ),
            opts=child,
        )
        self.register_outputs({"roleArn": self.role.arn})


def trust_policy(issuer_arn: str, subject: str) -> str:
    """Return the trust, as JSON, in tokens that GitHub made for this subject and for AWS.

    Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    """
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": issuer_arn},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            f"{ISSUER}:aud": "sts.amazonaws.com",
                            f"{ISSUER}:sub": subject,
                        }
                    },
                }
            ],
        }
    )


def stage_policy(args: DeployRoleArgs, *, boundary_arn: str) -> str:
    """Return what the role may do, as JSON."""
    statements = state_statements(args.stage, args.state_bucket)
    account = Account(number=boundary_arn.split(":")[4], region=args.region)
    if args.stage.may_deploy:
        statements += deploy_statements(args.stage, account, boundary_arn)
    if args.stage.may_look:
        statements += look_statements(args.stage, account)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def state_statements(stage: Stage, bucket: str) -> list[dict[str, Any]]:
    """Return what Pulumi needs of its state: to read it, and to write that of the stage's stacks.

    Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/
    """
    own = f"arn:aws:s3:::{bucket}/.pulumi"
    read = [f"{own}/meta.yaml"]
    read += [f"{own}/stacks/{PROJECT}/{stack}.json*" for stack in (stage.stacks, *stage.reads)]
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": read},
    ]
    if stage.may_deploy:
        written = [
            f"{own}/stacks/{PROJECT}/{stage.stacks}.json*",
            *(f"{own}/{kind}/{PROJECT}/{stage.stacks}/*" for kind in ("history", "backups")),
            f"{own}/locks/organization/{PROJECT}/{stage.stacks}/*",
        ]
        statements.append(
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": written,
            }
        )
    return statements
