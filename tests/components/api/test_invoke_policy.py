"""The API's resource policy."""

from typing import Any

import pytest

from components.api.invoke_policy import invoke_policy
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.resource_policy import ResourcePolicy

SCHEMES = {
    "userToken": {"x-amazon-apigateway-authtype": "cognito_user_pools"},
    "operatorSignature": {"x-amazon-apigateway-authtype": "awsSigv4"},
}


def operation(uri: str, scheme: str = "userToken") -> dict[str, Any]:
    return {"security": [{scheme: []}], "x-amazon-apigateway-integration": {"uri": uri}}


BODY = {
    "components": {"securitySchemes": SCHEMES},
    "paths": {
        "/boxes": {"get": operation("arn:aws:apigateway:r:dynamodb:action/Query")},
        "/boxes/{boxId}/lid": {"put": operation("arn:aws:apigateway:r:s3:path/b/{boxId}")},
        "/operator/boxes": {"get": operation("arn:dynamodb:action/Scan", "operatorSignature")},
    },
}
POLICY = invoke_policy(BODY, "v1")


def test_every_route_is_allowed_but_those_that_iam_decides_about() -> None:
    allowed = POLICY["Statement"][0]

    assert (allowed["Effect"], allowed["Principal"]) == ("Allow", "*")
    assert allowed["Resource"] == [
        "execute-api:/v1/OPTIONS/*",
        "execute-api:/v1/GET/boxes",
        "execute-api:/v1/GET/boxes/",
        "execute-api:/v1/PUT/boxes/*/lid",
        "execute-api:/v1/PUT/boxes/*/lid/",
    ]


def test_an_operator_is_allowed_the_signed_routes_only() -> None:
    role = "arn:aws:iam::123456789012:role/rrweb-store-dev"

    assert invoke_policy(BODY, "v1", [role])["Statement"] == [
        POLICY["Statement"][0],
        {
            "Effect": "Allow",
            "Principal": {"AWS": [role]},
            "Action": "execute-api:Invoke",
            "Resource": [
                "execute-api:/v1/GET/operator/boxes",
                "execute-api:/v1/GET/operator/boxes/",
            ],
        },
        POLICY["Statement"][1],
    ]


def test_an_api_without_objects_denies_nothing() -> None:
    body = {**BODY, "paths": {"/boxes": BODY["paths"]["/boxes"]}}

    assert [one["Effect"] for one in invoke_policy(body, "v1")["Statement"]] == ["Allow"]


def passes(method: str, path: str) -> bool:
    try:
        ResourcePolicy(POLICY).check("v1", method, f"/v1{path}", is_signed=False)
    except GatewayError:
        return False
    return True


@pytest.mark.parametrize("box_id", ["a", "Az09-_", "a" * 64, "lid"])
def test_an_id_as_the_contract_wants_it_passes(box_id: str) -> None:
    assert passes("PUT", f"/boxes/{box_id}/lid")


@pytest.mark.parametrize(
    "box_id",
    [
        *("a" * 65, "..", ".", "a.b", "%2e%2e", "%2E%2E%2F", "a%2Fb", "%61", "a/b", "%"),
        *("a;b", "a=b", "a'b", "a&b", "a+b", "%00", "%F0%9F%9A%A2"),
    ],
)
def test_any_other_is_denied_before_it_is_part_of_a_key(box_id: str) -> None:
    assert not passes("PUT", f"/boxes/{box_id}/lid")


SPELLINGS = {
    "as it is": "/boxes/{}/lid",
    "a slash after it": "/boxes/{}/lid/",
    "two slashes after it": "/boxes/{}/lid//",
    "a slash before it": "//boxes/{}/lid",
    "two slashes before it": "///boxes/{}/lid",
    "slashes on both sides": "//boxes/{}/lid/",
    "two slashes before the parameter": "/boxes//{}/lid",
    "two slashes after the parameter": "/boxes/{}//lid",
    "an encoded literal": "/boxes/{}/%6cid",
    "an encoded literal and a slash": "/boxes/{}/l%69d/",
    "an encoded slash after it": "/boxes/{}/lid%2F",
}
HOSTILE_IDS = ["..", "%2e%2e", "..%2F..%2Fother", "a%2Fb", "a/b", "%", "a;b", "a=b", "a" * 65]


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("box_id", HOSTILE_IDS)
def test_a_hostile_id_is_denied_in_every_spelling_of_its_path(box_id: str, spelling: str) -> None:
    assert not passes("PUT", spelling.format(box_id))


def test_every_denial_holds_whatever_stands_before_and_after_the_path() -> None:
    denied = POLICY["Statement"][1]["Resource"]

    assert [one for one in denied if not one.startswith("execute-api:/v1/*/")] == []
    assert [one for one in denied if not one.endswith("*")] == []
    assert len(set(denied)) == len(denied)


def test_what_is_not_named_is_denied() -> None:
    assert passes("GET", "/boxes")
    assert passes("GET", "/boxes/")
    assert not passes("GET", "/boxes/a/lid")
    assert not passes("GET", "/operator/boxes")
    assert not passes("GET", "/operator/boxes/")
    assert not passes("GET", "//operator/boxes")
