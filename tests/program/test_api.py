"""The body that the API is imported from: who is asked, what is handed on, what is answered."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from components.api.contract import Document
from components.store.recording_templates import TEXT_PLAIN
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.resource_policy import ResourcePolicy
from sandbox.program import PROJECT
from tests.engine import ACCOUNT, REGION, Engine, deploy_program
from tests.program.given import (
    body_of,
    contract_routes,
    integrations,
    object_integrations,
    routes,
    service_integrations,
    user_object_integrations,
)


def test_every_route_asks_who_is_there_but_the_preflights(body: Document) -> None:
    asked = {route: operation.get("security") for route, operation in routes(body).items()}

    assert {route for route, security in asked.items() if not security} == {
        "GET /health",
        *(route for route in asked if " /w/{key}/" in route),  # the key is all there is
        *(f"OPTIONS {path}" for path in body["paths"]),
    }
    assert {
        route for route, security in asked.items() if security == [{"operatorSignature": []}]
    } == {"GET /operator/recordings"}
    assert [
        security
        for security in asked.values()
        if security not in (None, [], [{"userToken": []}], [{"operatorSignature": []}])
    ] == []


def test_tokens_are_those_of_this_stack_s_pool_and_client(body: Document) -> None:
    authorizer = body["components"]["securitySchemes"]["userToken"][
        "x-amazon-apigateway-authorizer"
    ]

    assert authorizer == {
        "type": "cognito_user_pools",
        "providerARNs": [f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_Users"],
        "identitySource": "method.request.header.Authorization",
        "identityValidationExpression": "^1example23456789$",
    }


def test_every_direct_integration_refuses_a_body_that_it_has_no_template_for(
    body: Document,
) -> None:
    behaviours = {
        route: one["passthroughBehavior"] for route, one in service_integrations(body).items()
    }

    assert behaviours == dict.fromkeys(behaviours, "never")
    assert len(behaviours) >= 5


def test_bytes_are_handed_on_and_no_text_is_taken_for_bytes(body: Document) -> None:
    puts = {
        route: one for route, one in object_integrations(body).items() if route.startswith("PUT")
    }
    binary = set(body["x-amazon-apigateway-binary-media-types"])

    assert len(puts) == 3
    for route, one in puts.items():
        accepted = set(contract_routes()[route]["requestBody"]["content"])
        assert one["passthroughBehavior"] == "when_no_match"
        assert "contentHandling" not in one
        assert accepted <= binary
        assert {"application/json", "text/html", "image/svg+xml"} <= set(one["requestTemplates"])
        assert {*accepted, "text/plain"}.isdisjoint(one["requestTemplates"])


def test_what_the_body_says_of_the_api_its_arguments_say_too(
    engine: Engine, body: Document
) -> None:
    """The provider writes its arguments back after the import: the body alone would not last."""
    api = engine.inputs("aws:apigateway/restApi:RestApi", "api")

    assert api["binaryMediaTypes"] == body["x-amazon-apigateway-binary-media-types"]
    assert api["minimumCompressionSize"] == "0"
    assert body["x-amazon-apigateway-minimum-compression-size"] == 0
    assert "policy" not in api


def test_every_answer_says_whether_it_is_text_or_bytes(body: Document) -> None:
    handling = {
        (route, one["statusCode"]): one.get("contentHandling")
        for route, integration in integrations(body).items()
        for one in integration.get("responses", {}).values()
    }

    bytes_ = {("GET /recordings/{recordingId}/screenshot", "200"), ("GET /assets/{sha256}", "200")}
    assert handling == {
        answer: "CONVERT_TO_BINARY" if answer in bytes_ else "CONVERT_TO_TEXT"
        for answer in handling
    }
    assert {("GET /health", "200"), ("OPTIONS /health", "204")} <= set(handling)


def test_every_key_begins_with_the_user_of_the_token(body: Document) -> None:
    for one in user_object_integrations(body).values():
        key = one["uri"].split(":s3:path/", 1)[1].partition("/")[2]
        before, _, behind = key.partition("{userId}")

        assert before in {"rrweb/recordings/userId=", "rrweb/assets/userId="}
        assert behind.startswith("/")
        assert one["requestParameters"]["integration.request.path.userId"] == (
            "context.authorizer.claims.sub"
        )


def test_every_other_key_begins_with_the_write_key_of_the_path(body: Document) -> None:
    others = object_integrations(body).keys() - user_object_integrations(body).keys()

    assert len(others) == 3
    for one in (object_integrations(body)[route] for route in others):
        key = one["uri"].split(":s3:path/", 1)[1].partition("/")[2]
        assert re.match(r"rrweb/(recordings|assets)/siteKey=\{key\}/", key)
        assert one["requestParameters"]["integration.request.path.key"] == "method.request.path.key"


def test_what_s3_refuses_is_what_the_table_says_or_ours(body: Document) -> None:
    refused = {
        route: {
            pattern: one["statusCode"]
            for pattern, one in integration["responses"].items()
            if pattern != r"2\d{2}"
        }
        for route, integration in object_integrations(body).items()
    }
    ours = {"default": "502", "503": "429"}
    once = {"409": "409", "412": "412"}

    assert refused == {
        "PUT /recordings/{recordingId}/events/{sequence}": {"400": "400", **once, **ours},
        "PUT /recordings/{recordingId}/screenshot": {"400": "400", **ours},
        "PUT /assets/{sha256}": {"400": "400", **once, **ours},
        "POST /assets/{sha256}": {"400": "400", **ours},
        "HEAD /assets/{sha256}": {"400": "400", "404": "404", **ours},
        "GET /assets/{sha256}": {
            **{status: status for status in ("304", "400", "404")},
            **ours,
        },
        "POST /w/{key}/recordings/{recordingId}/events/{sequence}": {
            "400": "400",
            "403": "403",
            **once,
            **ours,
        },
        "HEAD /w/{key}/assets/{sha256}": {
            **{status: status for status in ("400", "403", "404")},
            **ours,
        },
        "POST /w/{key}/assets/{sha256}": {"400": "400", "403": "403", **once, **ours},
    }


def test_no_answer_of_stored_bytes_can_run_in_a_browser(body: Document) -> None:
    for route, one in object_integrations(body).items():
        if route.startswith(("PUT", "POST")):
            continue
        for status in {r"2\d{2}", "304"} & set(one["responses"]):
            headers = one["responses"][status]["responseParameters"]
            assert headers["method.response.header.Content-Security-Policy"] == "'sandbox'"
            assert headers["method.response.header.Content-Disposition"] == "'attachment'"
            assert headers["method.response.header.Cache-Control"] == "'private, no-cache'"
            assert headers["method.response.header.Vary"] == "'Accept, Authorization'"


def test_a_browser_keeps_nothing_but_stored_bytes_and_these_with_an_etag(body: Document) -> None:
    headers_of = {
        (route, status): answer["responseParameters"]
        for route, one in integrations(body).items()
        if not route.startswith("OPTIONS ")
        for status, answer in one.get("responses", {}).items()
    }

    kept = {
        place: headers.get("method.response.header.ETag")
        for place, headers in headers_of.items()
        if headers["method.response.header.Cache-Control"] != "'no-store'"
    }
    etag = "integration.response.header.ETag"
    assert kept == {
        ("HEAD /assets/{sha256}", r"2\d{2}"): etag,
        ("HEAD /w/{key}/assets/{sha256}", r"2\d{2}"): etag,
        ("GET /assets/{sha256}", r"2\d{2}"): etag,
        ("GET /assets/{sha256}", "304"): etag,
    }


def test_no_answer_is_taken_for_something_else_than_it_says(body: Document) -> None:
    answers = [
        one["responseParameters"]
        for route, integration in integrations(body).items()
        if not route.startswith("OPTIONS ")
        for one in integration.get("responses", {}).values()
    ]

    assert len(answers) > 40
    assert {one.get("method.response.header.X-Content-Type-Options") for one in answers} == {
        "'nosniff'"
    }


def test_what_a_service_refuses_is_never_a_success(body: Document) -> None:
    statuses = {
        route: {pattern: one["statusCode"] for pattern, one in integration["responses"].items()}
        for route, integration in service_integrations(body).items()
    }

    assert {route: sorted(by_pattern) for route, by_pattern in statuses.items()} == {
        route: [r"2\d{2}", r"4\d{2}", "default"] for route in statuses
    }
    assert {one[r"4\d{2}"] for one in statuses.values()} == {"400"}
    assert {one["default"] for one in statuses.values()} == {"502"}


def test_a_status_identifies_one_response_of_an_operation(body: Document) -> None:
    """API Gateway identifies an integration response by its status code and keeps one of two.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
    """
    statuses = {
        route: [one["statusCode"] for one in integration.get("responses", {}).values()]
        for route, integration in integrations(body).items()
    }

    assert statuses == {route: list(dict.fromkeys(given)) for route, given in statuses.items()}
    assert sum(map(len, statuses.values())) > 50


def test_a_refusal_whose_override_is_ignored_is_never_a_success(body: Document) -> None:
    overridden = {
        route: {
            one["statusCode"]
            for one in integration.get("responses", {}).values()
            if any("responseOverride.status" in text for text in templates_of(one))
            and not one["statusCode"].startswith("2")
        }
        for route, integration in integrations(body).items()
    }

    assert {route for route, found in overridden.items() if found} == {
        *service_integrations(body),
        *(
            route
            for route in object_integrations(body)
            if "requestBody" in contract_routes()[route]
        ),
    }
    assert {status for found in overridden.values() for status in found} == {"400", "403"}


def templates_of(response: Mapping[str, Any]) -> list[str]:
    """Return the texts of a response's templates."""
    return list(response.get("responseTemplates", {}).values())


def test_a_refusal_that_its_template_does_not_know_is_ours(body: Document) -> None:
    refusals = {
        route: integration["responses"][r"4\d{2}"]["responseTemplates"]["application/json"]
        for route, integration in service_integrations(body).items()
    }

    first = {
        route: re.findall(SET_STATUS + r"(\d{3})", template)[0]
        for route, template in refusals.items()
    }
    assert first == dict.fromkeys(refusals, "502")


SET_STATUS = r"#set\(\$(?:status|context\.responseOverride\.status) = "
# Set as it is, or in a row of service_problem.vtl's $answers.
STATUS = re.compile(rf'(?:{SET_STATUS}|", )(\d{{3}})(?=\)|, ")')


def statuses_of(integration: Mapping[str, Any]) -> set[str]:
    """Return each status that the integration's responses or their templates can set."""
    responses: list[Mapping[str, Any]] = list(integration.get("responses", {}).values())
    texts = [text for one in responses for text in templates_of(one)]
    return {str(one["statusCode"]) for one in responses} | {
        status for text in texts for status in STATUS.findall(text)
    }


def test_every_status_that_a_template_can_set_is_in_the_contract(body: Document) -> None:
    undeclared = {
        route: statuses_of(operation["x-amazon-apigateway-integration"])
        - set(operation["responses"])
        for route, operation in routes(body).items()
    }

    assert {route: missing for route, missing in undeclared.items() if missing} == {}


def test_only_a_route_whose_request_has_a_condition_can_conflict(body: Document) -> None:
    conditional = {
        route
        for route, integration in service_integrations(body).items()
        if any('"ConditionExpression"' in one for one in integration["requestTemplates"].values())
    }

    conflicting = {
        route
        for route, integration in service_integrations(body).items()
        if "409" in statuses_of(integration)
    }

    assert conflicting == {
        "PUT /recordings/{recordingId}",
        "POST /w/{key}/recordings/{recordingId}",
    }
    assert conditional == {
        *conflicting,
        "PUT /recordings/{recordingId}/facts",
        "POST /w/{key}/recordings/{recordingId}/facts",
    }


def test_no_request_template_overrides_the_response(body: Document) -> None:
    """AWS keeps such an override for the response, whatever the service then says.

    Source: github.com/localstack/localstack tests/aws/services/apigateway/
    test_apigateway_integrations.py, the mock with an override in its request template, as recorded.
    """
    texts = {
        route: list(integration.get("requestTemplates", {}).values())
        for route, integration in integrations(body).items()
    }

    assert [
        r for r, found in texts.items() if any("responseOverride" in one for one in found)
    ] == []
    assert sum(map(len, texts.values())) > 40


def test_every_status_is_set_in_a_form_that_these_tests_can_read() -> None:
    assignments = re.compile(r"#set\(\$(?:status|context\.responseOverride\.status) = [^)]*\)")
    read = re.compile(r"= (?:\d{3}|\$status|\$answer\[2\])\)$")

    templates = (PROJECT / "components").rglob("*.vtl")
    found = [one for path in templates for one in assignments.findall(path.read_text())]

    assert len(found) > 8
    assert [one for one in found if not read.search(one)] == []


def accepted_bodies(operation: Document) -> Document:
    """Return what an operation's body may be, by media type."""
    return operation.get("requestBody", {}).get("content", {})


def spelled(media_types: Iterable[str]) -> set[str]:
    """Return the media types as clients may write them."""
    known = set(media_types)
    return known | set(TEXT_PLAIN) if "text/plain" in known else known


NO_BODY: Document = {"content": {"application/json": {}}}  # what no Content-Type means


def test_every_media_type_that_is_imported_names_a_model(body: Document) -> None:
    holders = [
        holder
        for operation in routes(body).values()
        for holder in (*operation["responses"].values(), operation.get("requestBody", {}))
    ]
    media_types = [one for holder in holders for one in holder.get("content", {}).values()]
    validated = {
        route: {
            name
            for name, one in accepted_bodies(operation).items()
            if "schema" in one and name != "text/plain"  # which may arrive as bytes
        }
        for route, operation in contract_routes().items()
    }

    assert len(media_types) > 60
    assert [one for one in media_types if "schema" not in one] == []
    assert {
        route: set(operation["requestBody"]["content"])
        for route, operation in routes(body).items()
        if "requestBody" in operation
    } == {route: with_a_schema for route, with_a_schema in validated.items() if with_a_schema}


def test_a_route_has_a_template_for_each_media_type_of_its_body_and_for_no_other(
    body: Document,
) -> None:
    promised = {
        route: spelled(contract_routes()[route].get("requestBody", NO_BODY)["content"])
        for route in service_integrations(body)
    }

    assert {
        route: set(integration["requestTemplates"])
        for route, integration in service_integrations(body).items()
    } == promised


def test_the_stage_variables_are_those_that_a_template_reads(
    engine: Engine, body: Document
) -> None:
    read = set(re.findall(r"\$stageVariables\.(\w+)", json.dumps(body)))

    variables = engine.inputs("aws:apigateway/stage:Stage", "api")["variables"]
    assert set(variables) == read
    assert [name for name, value in variables.items() if not value] == []


def test_the_resource_policy_is_under_what_api_gateway_takes(body: Document) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    policy = json.dumps(body["x-amazon-apigateway-policy"])
    written_out = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abcdefghij/"

    assert len(policy.replace("execute-api:/", written_out)) < 8192 * 0.9


@pytest.mark.parametrize(
    "spelling",
    ["{}", "{}/", "{}//", "/{}", "//{}/", "{}/?x=1"],
    ids=["as it is", "/", "//", "before", "both", "query"],
)
@pytest.mark.parametrize(
    "hostile",
    ["..", "%2e%2e%2f%2e%2e", "..%2F..%2Fuserid=other", "a%2Fb", "a/b", "%61", "a;b", "a" * 65],
)
def test_no_path_to_an_object_names_another_key(spelling: str, hostile: str) -> None:
    body = body_of(deploy_program("dev"))
    policy = ResourcePolicy(body["x-amazon-apigateway-policy"])
    hostile_paths = {
        (route.split(" ")[0], path)
        for route in user_object_integrations(body)
        for path in hostile_forms(route.split(" ")[1], hostile)
    }

    assert len(hostile_paths) == 7
    assert [
        (verb, path)
        for verb, path in sorted(hostile_paths)
        if passes(policy, verb, f"/v1{spelling.format(path).split('?')[0]}")
    ] == []


def hostile_forms(path: str, hostile: str) -> list[str]:
    """Return the path once for each of its parameters, that one hostile and the others good."""
    good = "a" * 64  # an id, a number of a batch and a digest, as far as the policy goes
    parameters = re.findall(r"{\w+}", path)
    return [re.sub(r"{\w+}", good, path.replace(parameter, hostile)) for parameter in parameters]


def passes(policy: ResourcePolicy, verb: str, path: str) -> bool:
    """Say whether the policy lets a request with a token through."""
    try:
        policy.check("v1", verb, path, is_signed=False)
    except GatewayError:
        return False
    return True


def test_the_policy_lets_every_good_path_through(body: Document) -> None:
    policy = ResourcePolicy(body["x-amazon-apigateway-policy"])
    refused = [
        route
        for route in routes(body)
        if not passes(
            policy, route.split(" ")[0], "/v1" + re.sub(r"{\w+}", "a" * 64, route.split(" ")[1])
        )
    ]

    assert refused == ["GET /operator/recordings"]


def test_the_body_is_far_under_what_api_gateway_imports(body: Document) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    assert len(json.dumps(body).encode()) < 6 * 1024 * 1024
