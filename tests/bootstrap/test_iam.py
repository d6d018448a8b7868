"""The policy evaluator behaves as AWS's user guide documents."""

import json
from typing import Any

import pytest

from tests.bootstrap.iam import Context, Request, allowed

BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(condition: dict[str, Any] | None = None, **elements: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    return {**whole, "Condition": condition} if condition else whole


def asked(
    *statements: dict[str, Any],
    action: str = "s3:GetObject",
    resource: str = f"{BUCKET}/a",
    boundary: str | None = None,
    **context: str | list[str],
) -> bool:
    keys: Context = {key.replace("__", ":").replace("_", "/"): one for key, one in context.items()}
    request = Request(action=action, resource=resource, context=keys)
    return allowed(request, [policy(one) for one in statements], boundary)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
def test_the_default_is_a_denial_and_an_explicit_denial_wins() -> None:
    assert not asked()
    assert asked(allow())
    assert not asked(allow(), {**allow(), "Effect": "Deny"})


# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
def test_a_boundary_allows_nothing_by_itself_and_limits_the_policies() -> None:
    boundary = policy(allow(Resource=f"{BUCKET}/*"))

    assert asked(allow(), boundary=boundary)
    assert not asked(allow(), boundary=boundary, resource="arn:aws:s3:::other/a")
    assert not asked(boundary=boundary)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
def test_actions_are_case_insensitive_and_resources_are_not() -> None:
    assert asked(allow(Action="S3:getOBJECT"))
    assert asked(allow(Action="s3:Get*"))
    assert not asked(allow(Resource=f"{BUCKET}/A"))


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
def test_not_action_and_not_resource_match_all_others() -> None:
    others = {"Effect": "Allow", "NotAction": "s3:DeleteBucket", "NotResource": f"{BUCKET}/b*"}

    assert asked(others)
    assert not asked(others, action="s3:DeleteBucket")
    assert not asked(others, resource=f"{BUCKET}/b1")


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
@pytest.mark.parametrize(
    ("pattern", "resource", "is_it"),
    [
        ("a*", "a/b:c", True),
        ("a?", "ab", True),
        ("a?", "a", False),
        ("a${*}", "a*", True),
        ("a${*}", "ab", False),
        ("a${$}${?}", "a$?", True),
        ("a.b", "axb", False),
    ],
)
def test_wildcards_match_slashes_and_colons_and_can_be_escaped(
    pattern: str, resource: str, *, is_it: bool
) -> None:
    assert asked(allow(Resource=pattern), resource=resource) is is_it


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
@pytest.mark.parametrize(
    ("operator", "wanted", "given", "is_it"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a", None, False),
        ("StringLike", "pr-*", "pr-12", True),
        ("StringLike", "pr-*", "prod", False),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", "a", None, True),
        ("StringNotLike", "pr-*", "pr-12", False),
        ("StringNotLike", "pr-*", None, True),
        ("Null", "true", None, True),
        ("Null", "true", "a", False),
        ("Null", "false", "a", True),
        ("Null", "false", None, False),
    ],
)
def test_a_condition_on_a_key_with_one_value_or_none(
    operator: str, wanted: str | list[str], given: str | None, *, is_it: bool
) -> None:
    condition = {operator: {"aws:ResourceTag/stack": wanted}}

    context = {} if given is None else {"aws__ResourceTag_stack": given}
    assert asked(allow(condition), **context) is is_it


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
@pytest.mark.parametrize(
    ("operator", "given", "is_it"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", [], True),
        ("ForAnyValue:StringEquals", ["a", "c"], True),
        ("ForAnyValue:StringEquals", ["c"], False),
        ("ForAnyValue:StringEquals", [], False),
    ],
)
def test_a_condition_on_a_key_with_several_values(
    operator: str, given: list[str], *, is_it: bool
) -> None:
    condition = {operator: {"aws:TagKeys": ["a", "b"]}}

    assert asked(allow(condition), aws__TagKeys=given) is is_it


def test_every_key_and_operator_must_match_and_keys_are_case_insensitive() -> None:
    condition = {"StringEquals": {"aws:RequestTag/x": "1", "aws:requesttag/y": "2"}}

    assert asked(allow(condition), aws__RequestTag_x="1", aws__RequestTag_y="2")
    assert not asked(allow(condition), aws__RequestTag_x="1")


def test_an_unknown_operator_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not know the condition operator 'NumericLessThan'"):
        asked(allow({"NumericLessThan": {"a:b": "1"}}), a__b="0")
