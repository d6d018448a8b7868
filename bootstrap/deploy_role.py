"""DeployRole: the role of a stage's GitHub jobs, which replaces stored access keys."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pulumi
from pulumi_aws import iam

from bootstrap.boundary import boundary_policy
from bootstrap.permissions import resource_statements
from bootstrap.scope import PROJECT, Scope, Statement
from bootstrap.stages import Stage

ISSUER = "token.actions.githubusercontent.com"
# GitHub may add the numbers of owner and repository to the subject.
_SUBJECT = re.compile(r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_POLICY_CHARACTERS = 6_144
MAX_POLICIES = 10


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    stage: Stage
    subject: str
    """Start of the subject in the repository's tokens, such as `repo:you/rrweb-store`."""
    issuer_arn: pulumi.Input[str]
    """ARN of the account's provider for GitHub's tokens."""
    state_bucket: str
    """Bucket of Pulumi's state."""
    region: str
    """Region of the stage."""
    old_names: tuple[str, ...] = ()
    """Physical names of existing resources that lack project and stack."""

    def __post_init__(self) -> None:
        if not _SUBJECT.fullmatch(self.subject):
            raise ValueError(
                f"subject must be repo:owner/name, without a wildcard, got {self.subject!r}"
            )
        if fnmatchcase(self.state_bucket, f"{PROJECT}-{self.stage.stacks}-*"):
            raise ValueError(
                f"stateBucket must not be named like a bucket of {self.stage.stacks}, or its role "
                f"could change it, got {self.state_bucket!r}"
            )

    def scope(self, issuer_arn: str) -> Scope:
        """Return the stage's scope; the account is that of the provider."""
        return Scope(
            stage=self.stage,
            account=issuer_arn.split(":")[4],
            region=self.region,
            old_names=self.old_names,
        )


class DeployRole(pulumi.ComponentResource):
    """A role that only jobs of one repository and one environment can assume."""

    role: iam.Role
    """The workflow's `role-to-assume`."""
    boundary: iam.Policy | None
    """Permissions boundary of the roles that the stage creates; None if it creates none."""

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:bootstrap:DeployRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        scope = pulumi.Output.from_input(args.issuer_arn).apply(args.scope)
        self.boundary = self._boundary(name, args, scope) if args.stage.may_deploy else None
        self.role = iam.Role(
            name,
            name=name,  # the workflows' variables contain it
            description=f"Deploys {args.stage.stacks} of the rrweb store from GitHub",
            max_session_duration=7200,  # an end-to-end run waits for Firehose
            assume_role_policy=pulumi.Output.from_input(args.issuer_arn).apply(
                lambda arn: trust_policy(arn, f"{args.subject}:{args.stage.claim}")
            ),
            opts=child,
        )
        for part in policy_names(args.stage):
            policy = iam.Policy(
                f"{name}-{part}",
                name=f"{name}-{part}",
                description=f"Permissions of the role {name}: {part}",
                policy=scope.apply(
                    lambda known, part=part: stage_policies(known, args.state_bucket)[part]
                ),
                opts=child,
            )
            iam.RolePolicyAttachment(
                f"{name}-{part}", role=self.role.name, policy_arn=policy.arn, opts=child
            )
        self.register_outputs({"roleArn": self.role.arn})

    def _boundary(self, name: str, args: DeployRoleArgs, scope: pulumi.Output[Scope]) -> iam.Policy:
        return iam.Policy(
            f"{name}-boundary",
            # The stacks' configuration contains it.
            name=scope.apply(lambda known: known.boundary_name),
            description=f"Permissions boundary of the roles of {args.stage.stacks}",
            policy=scope.apply(
                lambda known: boundary_policy(known, state_bucket=args.state_bucket)
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def trust_policy(issuer_arn: str, subject: str) -> str:
    """Return the trust policy, as JSON, for GitHub's tokens with this subject and for AWS.

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


def stage_policies(scope: Scope, state_bucket: str) -> dict[str, str]:
    """Return the policies of the stage's role, as JSON, by name."""
    parts = {"state": state_statements(scope.stage, state_bucket), **resource_statements(scope)}
    return {
        name: json.dumps({"Version": "2012-10-17", "Statement": part}, separators=(",", ":"))
        for name, part in parts.items()
    }


def policy_names(stage: Stage) -> list[str]:
    """Return the names of the policies of the stage's role."""
    return list(stage_policies(Scope(stage=stage, account="", region=""), ""))


def state_statements(stage: Stage, bucket: str) -> list[Statement]:
    """Return the statements to read Pulumi's state, and to write that of the stage's stacks.

    Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/
    """
    own = f"arn:aws:s3:::{bucket}/.pulumi"
    files = ("json*", "pulumi-tags")  # the checkpoint and its backup; the tags of the stack
    read = [f"{own}/meta.yaml"]
    read += [
        f"{own}/stacks/{PROJECT}/{stack}.{file}"
        for stack in (stage.stacks, *stage.reads)
        for file in files
    ]
    statements: list[Statement] = [
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{bucket}"]},
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": read},
    ]
    if stage.may_deploy:
        written = [
            *(f"{own}/stacks/{PROJECT}/{stage.stacks}.{file}" for file in files),
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
