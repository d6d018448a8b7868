"""Requests that a resource policy allows and denies.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.errors import GatewayError
from sandbox.gateway.resource_policy import ResourcePolicy
from tests.sandbox.gateway_given import (
    FakeServices,
    api_body,
    ask,
    aws,
    operation,
    problem_of,
    serving,
)


def statement(effect: str, *resources: str, **fields: object) -> dict[str, Any]:
    """Return a statement; resources are without their `execute-api:/`, and `fields` differ."""
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": [f"execute-api:/{one}" for one in resources],
        **fields,
    }


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW_ALL = statement("Allow", "*")


def passes(
    document: dict[str, Any] | None, path: str, *, method: str = "GET", is_signed: bool = False
) -> bool:
    """Return whether a request to a path below the stage `v1` passes."""
    try:
        ResourcePolicy(document).check("v1", method, f"/v1{path}", is_signed=is_signed)
    except GatewayError as error:
        return error.response_type != "ACCESS_DENIED"
    return True


# -- allow and deny --------------------------------------------------------------------------------


@pytest.mark.parametrize("is_signed", [False, True])
def test_without_a_policy_every_request_passes(is_signed: bool) -> None:
    assert passes(None, "/anything", is_signed=is_signed)


@pytest.mark.parametrize(
    ("document", "path", "unsigned", "signed"),
    [
        (policy(), "/a", False, True),
        (policy(statement("Allow", "v1/GET/a")), "/a", True, True),
        (policy(statement("Allow", "v1/GET/a")), "/b", False, True),
        (policy(statement("Deny", "v1/GET/b")), "/a", False, True),
        (policy(statement("Deny", "v1/GET/a")), "/a", False, False),
        (policy(ALLOW_ALL, statement("Deny", "v1/GET/a")), "/b", True, True),
        (policy(ALLOW_ALL, statement("Deny", "v1/GET/a")), "/a", False, False),
        (policy(statement("Deny", "v1/GET/a"), ALLOW_ALL), "/a", False, False),
        (policy(statement("Deny", "*"), statement("Allow", "v1/GET/a")), "/a", False, False),
    ],
    ids=[
        *("empty", "allowed", "not named", "another denied", "denied"),
        *("all but one", "a deny wins", "a deny first", "a broad deny"),
    ],
)
def test_a_deny_wins_and_only_signed_requests_pass_without_an_allow(
    document: dict[str, Any], path: str, unsigned: bool, signed: bool
) -> None:
    assert passes(document, path) is unsigned
    assert passes(document, path, is_signed=True) is signed


def test_all_statements_and_resources_apply() -> None:
    document = policy(
        statement("Allow", "v1/GET/a", "v1/GET/b"),
        statement("Deny", "v1/GET/d"),
        statement("Allow", "v1/GET/c", "v1/GET/d", "v1/GET/e"),
        statement("Deny", "v1/GET/x", "v1/GET/e"),
    )

    assert [path for path in "abcdex" if passes(document, f"/{path}")] == ["a", "b", "c"]


# -- resources -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "path", "is_meant"),
    [
        ("v1/GET/a", "/a", True),
        ("v1/GET/a", "/A", False),
        ("v1/GET/a", "/a/", False),
        ("v1/GET/a", "/ab", False),
        ("v1/GET/a", "/b/a", False),
        ("v1/POST/a", "/a", False),
        ("v1/get/a", "/a", False),
        ("v2/GET/a", "/a", False),
        ("v1/GET/*", "/a/b/c", True),
        ("v1/*/a", "/a", True),
        ("*/GET/a", "/a", True),
        ("*", "/a", True),
        ("v1/GET/*/x", "/a/x", True),
        ("v1/GET/*/x", "/a/b/x", True),
        ("v1/GET/*x", "//x", True),
        ("v1/GET/*/x", "/a/y", False),
        ("v1/GET/a*z", "/az", True),
        ("v1/GET/a*z", "/a\nz", True),
        ("v1/GET/a?", "/ab", True),
        ("v1/GET/a?", "/a\n", True),
        ("v1/GET/a?", "/a", False),
        ("v1/GET/a?", "/abc", False),
        ("v1/GET/a.c", "/abc", False),
        ("v1/GET/a+", "/aa", False),
        ("v1/GET/(a|b)", "/a", False),
        ("v1/GET/[ab]", "/a", False),
        ("v1/GET/a$", "/a$", True),
    ],
)
def test_only_star_and_question_mark_are_wildcards(
    resource: str, path: str, is_meant: bool
) -> None:
    assert passes(policy(statement("Allow", resource)), path) is is_meant
    assert passes(policy(ALLOW_ALL, statement("Deny", resource)), path) is not is_meant


def test_the_method_is_part_of_the_resource() -> None:
    document = policy(statement("Allow", "v1/PUT/a", "v1/OPTIONS/*"))

    passing = [one for one in ("GET", "PUT", "OPTIONS") if passes(document, "/a", method=one)]
    assert passing == ["PUT", "OPTIONS"]


def test_only_the_first_part_of_a_path_is_the_stage() -> None:
    assert passes(policy(statement("Allow", "v1/GET/v1/a")), "/v1/a")
    assert not passes(policy(statement("Allow", "v1/GET/a")), "/v1/a")


# -- encoded and decoded paths ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/a.b", "/a%2Eb", "/a%2eb", "/%61.b", "/a%2Fb.c", "/.%FF"])
def test_a_denied_character_is_denied_encoded_or_not(path: str) -> None:
    assert not passes(policy(ALLOW_ALL, statement("Deny", "v1/GET/*.*")), path)


@pytest.mark.parametrize("path", ["/a%2Eb", "/%61", "/a%252Eb", "/a%", "/%zz"])
def test_a_percent_encoding_can_be_denied(path: str) -> None:
    assert not passes(policy(ALLOW_ALL, statement("Deny", "v1/GET/*%*")), path)


def test_a_path_is_decoded_once() -> None:
    assert passes(policy(ALLOW_ALL, statement("Deny", "*.*")), "/a%252Eb")
    assert not passes(policy(ALLOW_ALL, statement("Deny", "*%2E*")), "/a%252Eb")


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ("v1/GET/a", "/%61"),
        ("v1/GET/%61", "/%61"),
        ("v1/GET/???", "/%61"),
        ("v1/GET/a/b", "/a%2Fb"),
    ],
)
def test_an_allow_must_match_the_encoded_and_the_decoded_path(resource: str, path: str) -> None:
    assert not passes(policy(statement("Allow", resource)), path)


def test_two_resources_may_each_match_one_form_of_a_path() -> None:
    assert passes(policy(statement("Allow", "v1/GET/%61", "v1/GET/a")), "/%61")


@pytest.mark.parametrize("path", ["/%0A.", "/%0d%0a.x", "/%C3%A9.", "/%F0%9F%9A%A2."])
def test_a_special_character_does_not_hide_the_rest_of_a_path(path: str) -> None:
    assert not passes(policy(ALLOW_ALL, statement("Deny", "v1/GET/*.*")), path)


@given(st.text(), st.sampled_from("%/.;'=&+"), st.text())
def test_a_denied_character_is_denied_within_any_text(before: str, denied: str, after: str) -> None:
    document = policy(ALLOW_ALL, statement("Deny", f"v1/GET/things/*{denied}*"))

    assert not passes(document, f"/things/{quote(before + denied + after, safe='')}")


# -- too long parameters ---------------------------------------------------------------------------

TOO_LONG = policy(ALLOW_ALL, statement("Deny", f"v1/GET/things/{'?' * 65}*/x"))


@pytest.mark.parametrize(
    ("thing_id", "is_allowed"),
    [
        ("a", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("a" * 3000, False),
        ("%61" * 21, True),
        ("%61" * 22, False),
        ("%C3%A9" * 64, False),
    ],
    ids=["1", "64", "65", "3000", "63 as sent", "66 as sent", "64 decoded"],
)
def test_the_length_limit_applies_to_the_encoded_and_the_decoded_parameter(
    thing_id: str, is_allowed: bool
) -> None:
    assert passes(TOO_LONG, f"/things/{thing_id}/x") is is_allowed


# -- unsupported statements ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strange",
    [
        statement("Allow", "*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
        statement("Allow", "*", NotAction="execute-api:Invoke"),
        statement("Allow", "*", Principal={"AWS": "*"}),
        statement("Allow", "*", Principal="123456789012"),
        statement("Allow", "*", Action="execute-api:*"),
        statement("Allow", "*", Action=["execute-api:Invoke"]),
        statement("allow", "*"),
        statement("Permit", "*"),
        statement("Allow", Resource=["*"]),
        statement("Allow", Resource=["arn:aws:execute-api:eu-west-1:123456789012:abc/v1/GET/a"]),
        statement("Allow", Resource="execute-api:/*"),
        statement("Deny", Resource=["execute-api:/*", 1]),
        {"Effect": "Allow"},
        {},
    ],
    ids=[
        *("condition", "unknown element", "principal", "account", "action", "actions"),
        *("case of the effect", "effect", "resource", "full ARN", "text for a list", "number"),
        *("missing elements", "empty"),
    ],
)
def test_an_unsupported_statement_is_refused(strange: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the sandbox does not understand"):
        ResourcePolicy(policy(ALLOW_ALL, strange))


# -- in the gateway --------------------------------------------------------------------------------


def test_a_denied_request_is_a_403_and_calls_no_service() -> None:
    services = FakeServices()
    paths = {"/things/{thingId}": {"post": operation(aws())}}
    document = policy(ALLOW_ALL, statement("Deny", "v1/POST/things/*.*"))
    gateway = serving(api_body(paths, policy=document), services)

    answers = [ask(gateway, path=f"/v1/things/{one}") for one in ("a.b", "a%2Eb")]

    assert [problem_of(one)[:2] for one in answers] == [(403, "Forbidden")] * 2
    assert services.sent == []
    assert ask(gateway, path="/v1/things/ab").status == 200
