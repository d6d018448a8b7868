"""Physical names contain project and stack, and fit AWS's limits."""

import re

import pytest

from components.release.stack_tags import stack_tags
from resource_types.registry import RESOURCE_TYPES
from sandbox.autonaming import autonamed, declared_pattern
from sandbox.program import main_program, stack_config
from tests.engine import WITH_SITE, deploy, whole_program
from tests.program.given import body_of

LONGEST_STACK = "a-stack-of-20-letter"
# Names that the program sets. The dashboard's has the prefix; the others are inside a resource.
GIVEN = {
    ("aws:cloudwatch/dashboard:Dashboard", "rrweb-store-test-watch-board"),
    ("aws:cloudwatch/logStream:LogStream", "delivery"),
    ("aws:s3/bucketMetric:BucketMetric", "failed"),
    ("aws:cognito/userGroup:UserGroup", "site-shop"),  # tokens name it
    ("aws:cognito/userGroup:UserGroup", "site-shop-admin"),
}


def test_a_name_starts_with_project_and_stack() -> None:
    assert declared_pattern().startswith("${project}-${stack}-${name}-")


def test_every_name_fits_even_in_the_stack_with_the_longest_name() -> None:
    stack_tags("rrweb-store", LONGEST_STACK)
    too_long = [
        (one.type, name)
        for one in whole_program().resources
        if one.type in RESOURCE_TYPES
        and (name := autonamed(one.name, project="rrweb-store", stack=LONGEST_STACK))
        and len(name) > RESOURCE_TYPES[one.type].longest_name
    ]

    assert too_long == []


def test_the_program_sets_no_other_name() -> None:
    given = {
        (one.type, one.inputs[key])
        for one in whole_program().resources
        for key in ("name", "dashboardName", "bucketName")
        if one.custom and key in one.inputs and not one.type.startswith("pulumi:")
    }

    assert given == GIVEN


@pytest.mark.parametrize("stack", ["Dev", "my.stack", "a_b", "", "1st", "x" * 21])
def test_a_stack_name_that_aws_would_refuse_is_refused(stack: str) -> None:
    message = "stack must be up to 20 lower-case letters, digits and hyphens, .*, got "

    with pytest.raises(ValueError, match=message + re.escape(repr(stack))):
        stack_tags("rrweb-store", stack)


def test_a_pattern_that_the_sandbox_does_not_support_is_refused() -> None:
    with pytest.raises(ValueError, match="does not support all of pulumi:autonaming, got 'a-"):
        autonamed("a", project="p", stack="s", pattern="${name}-${uuid}")


# CloudFront cannot tag these, so the roles may not update any.
@pytest.mark.parametrize("kind", ["originAccessControl", "responseHeadersPolicy"])
def test_a_change_replaces_what_the_roles_may_not_update(kind: str) -> None:
    type_ = f"aws:cloudfront/{kind}:{kind[0].upper()}{kind[1:]}"

    made = whole_program().of_type(type_)
    assert made
    assert {whole_program().resource(type_, name).replace_on_changes for name in made} == {("*",)}


def test_the_subscription_is_deleted_with_its_topic() -> None:
    mail = whole_program().resource("aws:sns/topicSubscription:TopicSubscription", "watch")

    assert mail.deleted_with == ("aws:sns/topic:Topic", "watch")


ROLE = "arn:aws:iam::123456789012:role/rrweb-store-dev"


def test_the_roles_in_operators_may_call_the_operator_s_routes() -> None:
    config = {**stack_config("dev"), **WITH_SITE, "rrweb-store:operators": f'["{ROLE}"]'}

    policy = body_of(deploy(main_program(), config))["x-amazon-apigateway-policy"]
    named = [one for one in policy["Statement"] if one["Principal"] != "*"]
    assert [(one["Principal"], one["Resource"]) for one in named] == [
        (
            {"AWS": [ROLE]},
            ["execute-api:/v1/GET/operator/recordings", "execute-api:/v1/GET/operator/recordings/"],
        )
    ]


@pytest.mark.parametrize("operator", ["*", "arn:aws:iam::123456789012:root", "rrweb-store-dev"])
def test_an_operator_must_be_the_arn_of_a_role(operator: str) -> None:
    config = {**stack_config("dev"), **WITH_SITE, "rrweb-store:operators": f'["{operator}"]'}

    with pytest.raises(ValueError, match="operators must be ARNs of roles, got "):
        deploy(main_program(), config)
