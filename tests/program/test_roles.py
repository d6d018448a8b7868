"""Every role and policy: one action on one thing, each wildcard with its reason."""

import json
from collections.abc import Iterator

import pytest

from components.api.contract import Document
from components.store.recordings_table import INDEXES
from sandbox.program import main_program, stack_config
from tests.engine import (
    ACCOUNT,
    REGION,
    SUFFIX,
    WITH_SITE,
    WRITE_KEY,
    Engine,
    deploy,
    deploy_program,
)
from tests.program.given import (
    API,
    ROLE,
    ROLE_POLICY,
    findings,
    integrations,
    listed,
    policies,
    statements_of,
)

OF_SITE = "arn:aws:s3:::recordings-1a2b3c4/rrweb"
# (where, text) of each `*` in an action or a resource, and why it is there.
WILDCARDS = {
    ("bucket recordings", "s3:*"): "a denial: whatever it is, not without TLS",
    ("bucket recordings", "arn:aws:s3:::recordings-1a2b3c4/*"): "the same denial, for each object",
    ("bucket site", "s3:*"): "a denial: whatever it is, not without TLS",
    ("bucket site", "arn:aws:s3:::site-1a2b3c4/*"): (
        "the same denial; and all of the site's files are public, through CloudFront"
    ),
    ("role events-writer", "arn:aws:s3:::recordings-1a2b3c4/rrweb/recordings/*"): (
        "Firehose names the objects under the prefix of the recordings"
    ),
    ("role events-writer", "arn:aws:s3:::recordings-1a2b3c4/rrweb/failed/*"): (
        "Firehose names the objects under the prefix of what failed"
    ),
    ("role read-events", "arn:aws:s3:::recordings-1a2b3c4/rrweb/recordings/*"): (
        "the objects of every recording: the handler chooses the prefix of the token's user"
    ),
    **{
        (f"role {name}", f"arn:aws:s3:::recordings-1a2b3c4/rrweb/{key}"): (
            "the key of every user's object: the integration's path begins with the token's user"
        )
        for name, key in (
            ("put-large-batch", "recordings/userId=*/sessionId=*/large/*"),
            ("put-screenshot", "recordings/userId=*/sessionId=*/screenshot"),
            ("put-asset", "assets/userId=*/*"),
            ("renew-asset", "assets/userId=*/*"),
            ("head-asset", "assets/userId=*/*"),
            ("get-asset", "assets/userId=*/*"),
        )
    },
    ("role read-events", "arn:aws:s3:::recordings-1a2b3c4/rrweb/assets/siteKey=*"): (
        "the assets of every site: the handler chooses the prefix of a site that the token opens"
    ),
    (
        "role append-site-events",
        f"{OF_SITE}/recordings/siteKey={WRITE_KEY}/sessionId=*/batch/{'?' * 9}",
    ): ("every batch of the visitors who have the write key"),
    **{
        (f"role {name}", f"{OF_SITE}/assets/siteKey={WRITE_KEY}/{'?' * 64}"): (
            "every asset of the visitors who have the write key"
        )
        for name in ("put-site-asset", "head-site-asset")
    },
    ("role erasure", "arn:aws:s3:::recordings-1a2b3c4/rrweb/recordings/*"): (
        "the objects of every recording: the machine takes the prefix of its input"
    ),
    ("role read-events", "arn:aws:s3:::recordings-1a2b3c4/rrweb/kept/*"): (
        "the copies of every kept recording: the handler chooses the prefix, as above"
    ),
    **{
        ("role keeping", f"{OF_SITE}/{prefix}/*"): (
            "the objects, assets and copies of every recording: as the machine of erasures"
        )
        for prefix in ("recordings", "assets", "kept")
    },
    ("role keeping", f"arn:aws:states:{REGION}:{ACCOUNT}:execution:keeping-1a2b3c4/copies:*"): (
        "the branches of its Map, which Step Functions names"
    ),
    ("role erasure", "arn:aws:s3:::recordings-1a2b3c4/rrweb/kept/*"): (
        "the copies of every kept recording: the machine takes the prefix of its input"
    ),
    ("role erasure", "arn:aws:s3:::recordings-1a2b3c4/rrweb/erasures/*"): (
        "the certificates, each named for its execution"
    ),
    ("role erasure", f"arn:aws:states:{REGION}:{ACCOUNT}:execution:erasure-1a2b3c4/recordings:*"): (
        "the branches of its Map, which Step Functions names"
    ),
    ("role read-events", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:read-events-1a2b3c4:*"): (
        "the log streams of its own group, which Lambda names"
    ),
}
TRUSTED = {
    "apigateway.amazonaws.com",
    "firehose.amazonaws.com",
    "lambda.amazonaws.com",
    "states.amazonaws.com",
}


def wildcards(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield where there is a `*` in an action or a resource, and the text that holds it."""
    for where, policy in policies(engine).items():
        for statement in statements_of(policy):
            # NotAction and NotResource are wildcards too: they would fail here as a KeyError.
            for text in (*listed(statement["Action"]), *listed(statement["Resource"])):
                if "*" in text or "?" in text:
                    yield where, text


def test_no_policy_holds_a_wildcard_but_those_with_a_reason(engine: Engine) -> None:
    assert set(wildcards(engine)) == set(WILDCARDS)


def test_nothing_but_a_denial_has_a_wildcard_for_its_action(engine: Engine) -> None:
    broad = {
        (where, statement["Effect"])
        for where, policy in policies(engine).items()
        for statement in statements_of(policy)
        if any("*" in action for action in listed(statement["Action"]))
    }

    assert broad == {("bucket recordings", "Deny"), ("bucket site", "Deny")}


def test_every_role_is_trusted_to_one_service_and_that_alone(engine: Engine) -> None:
    trusts = {
        name: statements_of(role["assumeRolePolicy"]) for name, role in engine.of_type(ROLE).items()
    }

    assert trusts == {
        name: [
            {
                "Effect": "Allow",
                "Principal": {"Service": statements[0]["Principal"]["Service"]},
                "Action": "sts:AssumeRole",
            }
        ]
        for name, statements in trusts.items()
    }
    assert {trust[0]["Principal"]["Service"] for trust in trusts.values()} == TRUSTED


def test_every_role_has_one_policy_and_no_other_way_to_a_permission(engine: Engine) -> None:
    roles = engine.of_type(ROLE)

    assert sorted(one["role"] for one in engine.of_type(ROLE_POLICY).values()) == sorted(
        f"{name}{SUFFIX}" for name in roles
    )
    assert {key for role in roles.values() for key in role} == {"assumeRolePolicy"}
    assert {one.type for one in engine.resources if one.type.startswith("aws:iam/")} == {
        ROLE,
        ROLE_POLICY,
    }


def gateway_roles(engine: Engine) -> list[str]:
    """Return the names of the roles that API Gateway assumes."""
    return [
        name
        for name, role in engine.of_type(ROLE).items()
        if "apigateway.amazonaws.com" in role["assumeRolePolicy"]
    ]


LISTS = ("list-recordings", "list-site-recordings")
# Without it, S3 says 403 of a key that does not exist: ADR 9.
LISTS_TO_KNOW_WHAT_IS_MISSING = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": f"arn:aws:s3:::recordings{SUFFIX}",
}


def test_every_role_of_an_integration_may_do_one_action_on_one_arn_or_read_the_indexes(
    engine: Engine,
) -> None:
    allowed = {
        name: statements_of(engine.inputs(ROLE_POLICY, name)["policy"])
        for name in gateway_roles(engine)
    }
    for name in ("head-asset", "get-asset", "head-site-asset"):
        allowed[name].remove(LISTS_TO_KNOW_WHAT_IS_MISSING)

    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/recordings-by-owner{SUFFIX}"
    indexes = [f"{table}/index/{name}" for name in INDEXES]
    assert allowed == {
        name: [
            {"Effect": "Allow", "Action": str(statements[0]["Action"]), "Resource": arn}
            for arn in (indexes if name in LISTS else [str(statements[0]["Resource"])])
        ]
        for name, statements in allowed.items()
    }


def test_every_integration_has_a_role_of_its_own(engine: Engine, body: Document) -> None:
    used = [
        integration["credentials"]
        for integration in integrations(body).values()
        if integration["type"] != "mock"
    ]

    assert sorted(used) == sorted(
        f"arn:aws:iam::{ACCOUNT}:role/{name}{SUFFIX}" for name in gateway_roles(engine)
    )


def test_the_api_is_imported_when_every_role_of_it_may_do_its_work(engine: Engine) -> None:
    depends_on = engine.resource(API, "api").depends_on

    assert {name for type_, name in depends_on if type_ == ROLE_POLICY} == set(
        gateway_roles(engine)
    )


def test_parliament_finds_nothing_in_any_policy(engine: Engine) -> None:
    found = {where: findings(policy) for where, policy in policies(engine).items()}

    assert found == {where: [] for where in policies(engine)}


@pytest.mark.parametrize(
    ("action", "resource", "finding"),
    [
        ("kinesis:PutRecrod", f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/a", "UNKNOWN_ACTION"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
        ("s3:GetObject", "*", "RESOURCE_STAR"),
    ],
)
def test_parliament_would_find_a_slip(action: str, resource: str, finding: str) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}

    found = findings(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert [one.split(" ")[0] for one in found] == [finding]


BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/rrweb-store-boundary"


def test_with_a_boundary_every_role_is_inside_it_and_under_the_stack_s_path() -> None:
    engine = deploy(
        main_program(),
        {**stack_config("dev"), **WITH_SITE, "rrweb-store:permissionsBoundary": BOUNDARY},
    )

    roles = engine.of_type(ROLE)
    assert len(roles) > 10
    assert {(one["permissionsBoundary"], one["path"]) for one in roles.values()} == {
        (BOUNDARY, "/rrweb-store/test/")
    }
    plain = deploy_program("dev").of_type(ROLE)
    assert {name: one["assumeRolePolicy"] for name, one in roles.items()} == {
        name: one["assumeRolePolicy"] for name, one in plain.items()
    }


def test_what_is_no_policy_bounds_nothing() -> None:
    with pytest.raises(ValueError, match="must be the ARN of a policy, got 'boundary'"):
        deploy(
            main_program(),
            {**stack_config("dev"), **WITH_SITE, "rrweb-store:permissionsBoundary": "boundary"},
        )
