"""The account gets one provider, and a role and a boundary for each stage."""

import json
import runpy

import pytest

from bootstrap.boundary import boundary_policy
from bootstrap.stages import STAGES
from sandbox.program import PROJECT
from tests.bootstrap.calls import DEPLOYING, STATE, policies, scope_of
from tests.engine import ACCOUNT, REGION, Engine, deploy

ROLE = "aws:iam/role:Role"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
POLICY = "aws:iam/policy:Policy"
CONFIG = {
    "aws:region": REGION,
    "rrweb-store:subject": "repo:you/rrweb-store",
    "rrweb-store:stateBucket": STATE,
}


def bootstrap(**config: str) -> Engine:
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return deploy(
        lambda: runpy.run_path(str(PROJECT / "bootstrap"), run_name="__main__"), {**CONFIG, **own}
    )


def test_each_stage_has_a_role_that_only_its_own_jobs_get() -> None:
    roles = bootstrap().of_type(ROLE)

    trust = {
        name: json.loads(role["assumeRolePolicy"])["Statement"] for name, role in roles.items()
    }
    claims = {
        "preview": "pull_request",
        "ephemeral": "environment:ephemeral",
        "janitor": "environment:janitor",
        "dev": "environment:dev",
        "plan": "environment:prod-plan",
        "prod": "environment:prod",
        "driftDev": "environment:drift-dev",
        "driftProd": "environment:drift-prod",
    }
    issuer = "token.actions.githubusercontent.com"
    assert trust == {
        f"rrweb-store-{stage}": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{issuer}:aud": "sts.amazonaws.com",
                        f"{issuer}:sub": f"repo:you/rrweb-store:{claim}",
                    }
                },
            }
        ]
        for stage, claim in claims.items()
    }


def test_the_names_that_workflows_and_stacks_contain_are_fixed() -> None:
    engine = bootstrap()

    named = {**engine.of_type(ROLE), **engine.of_type(POLICY)}
    assert {name: one["name"] for name, one in named.items()} == {name: name for name in named}
    assert set(engine.exports) == {
        *(f"{stage}RoleArn" for stage in STAGES),
        *(f"{stage}BoundaryArn" for stage in ("ephemeral", "janitor", "dev", "prod")),
    }


def test_each_role_has_exactly_its_policies() -> None:
    engine = bootstrap()

    written = {name: one["policy"] for name, one in engine.of_type(POLICY).items()}
    attached = {
        name: (one["role"], one["policyArn"]) for name, one in engine.of_type(ATTACHED).items()
    }
    expected = {
        f"rrweb-store-{stage}-{part}": text
        for stage in STAGES
        for part, text in policies(stage).items()
    }
    boundaries = {
        f"rrweb-store-{stage}-boundary": boundary_policy(scope_of(stage), state_bucket=STATE)
        for stage in DEPLOYING
    }
    assert written == expected | boundaries
    assert attached == {
        name: (name.rpartition("-")[0], f"arn:aws:iam::{ACCOUNT}:policy/{name}")
        for name in expected
    }


def test_there_are_no_keys_and_no_users() -> None:
    types = {one.type for one in bootstrap().resources if one.custom}

    assert types == {"pulumi:providers:aws", PROVIDER, POLICY, ROLE, ATTACHED}


@pytest.mark.parametrize("stage", DEPLOYING)
def test_the_exported_boundary_is_the_one_that_the_stage_s_role_requires(
    stage: str,
) -> None:
    engine = bootstrap()

    assert engine.exports[f"{stage}BoundaryArn"] == scope_of(stage).boundary_arn


def test_an_existing_provider_of_the_account_is_used() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

    engine = bootstrap(providerArn=arn)

    assert engine.of_type(PROVIDER) == {}
    assert arn in engine.inputs(ROLE, "rrweb-store-dev")["assumeRolePolicy"]


def test_an_account_of_its_own_has_prod_s_role_alone() -> None:
    assert set(bootstrap(stages='["prod"]').of_type(ROLE)) == {"rrweb-store-prod"}


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(ValueError, match=r"stages may hold preview, .*, driftProd, got 'x'"):
        bootstrap(stages='["x"]')


@pytest.mark.parametrize(
    "subject", ["repo:you/*", "repo:*", "*", "you/rrweb-store", "repo:you/rrweb-store:ref:x"]
)
def test_a_subject_that_is_not_one_repository_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="subject must be repo:owner/name, without a wildcard"):
        bootstrap(subject=subject)


def test_a_subject_may_have_github_s_numbers() -> None:
    engine = bootstrap(subject="repo:you@12/rrweb-store@34")

    trust = engine.inputs(ROLE, "rrweb-store-prod")["assumeRolePolicy"]
    assert "repo:you@12/rrweb-store@34:environment:prod" in trust


def test_old_names_reach_the_roles_of_their_stack_only() -> None:
    engine = bootstrap(oldNames='{"prod": ["recordings-7654321"]}')

    with_it = {
        name
        for name, one in engine.of_type(POLICY).items()
        if "recordings-7654321" in one["policy"]
    }
    assert with_it == {
        f"rrweb-store-{name}"
        for name in ("prod-data", "prod-buckets", "prod-boundary", "driftProd-data")
    } | {"rrweb-store-driftProd-buckets"}


def test_a_state_bucket_that_a_role_could_change_is_refused() -> None:
    with pytest.raises(ValueError, match="stateBucket must not be named like a bucket of dev"):
        bootstrap(stateBucket="rrweb-store-dev-state")
