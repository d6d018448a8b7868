"""What the account gets: one provider, one boundary, and a role for each stage."""

import json
import runpy
from typing import Any

import pytest

from bootstrap.deploy_role import MAX_INLINE_CHARACTERS
from bootstrap.stages import STAGES
from sandbox.program import PROJECT
from tests.engine import ACCOUNT, REGION, Engine, deploy

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
POLICY = "aws:iam/policy:Policy"
CONFIG = {
    "aws:region": REGION,
    "rrweb-store:subject": "repo:you/rrweb-store",
    "rrweb-store:stateBucket": f"rrweb-store-state-{ACCOUNT}-{REGION}",
}


def bootstrap(**config: str) -> Engine:
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return deploy(
        lambda: runpy.run_path(str(PROJECT / "bootstrap"), run_name="__main__"), {**CONFIG, **own}
    )


def statements(engine: Engine, stage: str) -> list[dict[str, Any]]:
    policy = engine.inputs(ROLE_POLICY, f"rrweb-store-{stage}")["policy"]
    return json.loads(policy)["Statement"]


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


def test_the_names_that_others_write_down_are_fixed() -> None:
    engine = bootstrap()

    assert {name: role["name"] for name, role in engine.of_type(ROLE).items()} == {
        name: name for name in engine.of_type(ROLE)
    }
    assert engine.inputs(POLICY, "rrweb-store-boundary")["name"] == "rrweb-store-boundary"
    assert set(engine.exports) == {
        *(
            "previewRoleArn",
            "ephemeralRoleArn",
            "janitorRoleArn",
            "devRoleArn",
            "planRoleArn",
            "prodRoleArn",
            "driftDevRoleArn",
            "driftProdRoleArn",
            "boundaryArn",
        )
    }


def test_there_are_no_keys_no_users_and_no_managed_policies() -> None:
    types = {one.type for one in bootstrap().resources if one.custom}

    assert types == {"pulumi:providers:aws", PROVIDER, POLICY, ROLE, ROLE_POLICY}


def test_a_provider_that_the_account_has_already_is_used() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

    engine = bootstrap(providerArn=arn)

    assert engine.of_type(PROVIDER) == {}
    assert arn in engine.inputs(ROLE, "rrweb-store-dev")["assumeRolePolicy"]


def test_an_account_of_its_own_has_prod_s_role_alone() -> None:
    assert set(bootstrap(stages='["prod"]').of_type(ROLE)) == {"rrweb-store-prod"}


def test_a_stage_that_there_is_not_is_refused() -> None:
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


@pytest.mark.parametrize("stage", list(STAGES))
def test_what_a_role_may_do_fits_into_one_inline_policy(stage: str) -> None:
    engine = bootstrap()

    policy: str = engine.inputs(ROLE_POLICY, f"rrweb-store-{stage}")["policy"]
    assert len(policy) < MAX_INLINE_CHARACTERS


@pytest.mark.parametrize("stage", ["preview", "plan"])
def test_a_role_that_only_plans_reads_state_and_does_nothing_else(stage: str) -> None:
    actions = {
        action
        for one in statements(bootstrap(), stage)
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }

    assert actions == {"s3:ListBucket", "s3:GetObject"}
