"""The OpenAPI document that API Gateway imports."""

import copy
from typing import Any

import pytest

from components.api.contract import Document, operations
from components.api.finished_body import BodyArgs, digest, finished_body
from components.api.gateway_responses import gateway_responses
from components.api.integration import Integration

ORIGIN = "https://replay.example.com"
POOL_ARN = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Users"

# One path of a contract, with everything in it that the finished body must change.
CONTRACT: Document = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/boxes/{boxId}": {
            "parameters": [{"$ref": "#/components/parameters/boxId"}],
            "get": {
                "operationId": "getBox",
                "security": [{"userToken": []}],
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "description": "How many.",
                        "schema": {"type": "string", "pattern": "^[0-9]$"},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "It.",
                        "headers": {"Tail": {"schema": {"type": "null"}}},
                    },
                    "502": {"$ref": "#/components/responses/BadGateway"},
                },
            },
            "put": {
                "operationId": "putBox",
                "security": [{"userToken": []}],
                "requestBody": {"content": {"application/gzip": {}, "application/x-ndjson": {}}},
                "responses": {"201": {"description": "Made."}},
            },
        }
    },
    "components": {
        "securitySchemes": {"userToken": {"type": "http", "scheme": "bearer"}},
        "parameters": {
            "boxId": {
                "name": "boxId",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[a-z]{1,64}$"},
            }
        },
        "responses": {"BadGateway": {"description": "Our fault."}},
        "schemas": {"Box": {"type": "object"}},
    },
}
GET: Integration = {
    "type": "aws",
    "uri": "arn:get",
    "responses": {
        "default": {
            "statusCode": "502",
            "responseParameters": {"method.response.header.Content-Type": "'text/plain'"},
        }
    },
}
PUT: Integration = {"type": "aws_proxy", "uri": "arn:put"}
STRING = {"schema": {"type": "string"}}
CORS_HEADERS = {
    "Access-Control-Allow-Origin": STRING,
    "Access-Control-Expose-Headers": STRING,
    "Cache-Control": STRING,
    "Content-Type": STRING,
    "X-Content-Type-Options": STRING,
}
PATH_PARAMETER = {"name": "boxId", "in": "path", "required": True, "schema": {"type": "string"}}


def finished(
    integrations: dict[str, Integration] | None = None, contract: Document = CONTRACT
) -> Document:
    return finished_body(
        contract,
        BodyArgs(
            integrations=integrations or {"getBox": GET, "putBox": PUT},
            user_pool_arn=POOL_ARN,
            user_pool_client_id="client1",
            stage_name="v1",
            allow_origin=ORIGIN,
        ),
    )


def test_an_operation_gets_its_integration_with_cors_headers_on_every_answer() -> None:
    operation = finished()["paths"]["/boxes/{boxId}"]["get"]

    assert operation["x-amazon-apigateway-integration"] == {
        "type": "aws",
        "uri": "arn:get",
        "responses": {
            "default": {
                "statusCode": "502",
                "contentHandling": "CONVERT_TO_TEXT",
                "responseParameters": {
                    "method.response.header.Cache-Control": "'no-store'",
                    "method.response.header.Content-Type": "'text/plain'",
                    "method.response.header.Access-Control-Allow-Origin": f"'{ORIGIN}'",
                    "method.response.header.Access-Control-Expose-Headers": ("'Date, Tail'"),
                    "method.response.header.X-Content-Type-Options": "'nosniff'",
                },
            }
        },
    }


def test_the_security_of_the_whole_contract_is_that_of_each_operation_without_its_own() -> None:
    contract = copy.deepcopy(CONTRACT)
    item = contract["paths"]["/boxes/{boxId}"]
    item["get"]["security"] = []
    del item["put"]["security"]
    contract["security"] = [{"userToken": []}]

    body = finished(contract=contract)

    operations = body["paths"]["/boxes/{boxId}"]
    assert operations["get"]["security"] == []
    assert operations["put"]["security"] == [{"userToken": []}]
    assert "security" not in operations["options"]
    assert "security" not in body


def test_bytes_stay_bytes_where_a_response_says_so() -> None:
    bytes_: Integration = {
        "type": "aws",
        "responses": {r"2\d{2}": {"statusCode": "200", "contentHandling": "CONVERT_TO_BINARY"}},
    }
    operation = finished({"getBox": bytes_, "putBox": PUT})["paths"]["/boxes/{boxId}"]["get"]

    responses = operation["x-amazon-apigateway-integration"]["responses"]
    assert responses[r"2\d{2}"]["contentHandling"] == "CONVERT_TO_BINARY"


def test_a_browser_keeps_an_answer_only_where_its_integration_says_so() -> None:
    kept = {
        **GET,
        "responses": {
            "default": {
                "statusCode": "502",
                "responseParameters": {"method.response.header.Cache-Control": "'private'"},
            }
        },
    }

    operation = finished({"getBox": kept, "putBox": PUT})["paths"]["/boxes/{boxId}"]["get"]

    (answer,) = operation["x-amazon-apigateway-integration"]["responses"].values()
    assert answer["responseParameters"]["method.response.header.Cache-Control"] == "'private'"


def test_an_integration_without_responses_is_left_as_it_is() -> None:
    operation = finished()["paths"]["/boxes/{boxId}"]["put"]

    assert operation["x-amazon-apigateway-integration"] == PUT


def test_every_header_that_an_integration_sets_is_declared_and_none_is_lost() -> None:
    operation = finished()["paths"]["/boxes/{boxId}"]["get"]

    assert operation["responses"] == {
        "200": {
            "description": "It.",
            "headers": {"Tail": {"schema": {"type": "null"}}, **CORS_HEADERS},
        },
        "502": {"description": "Our fault.", "headers": CORS_HEADERS},
    }


def test_parameters_are_written_out_and_keep_no_more_than_what_api_gateway_checks() -> None:
    item = finished()["paths"]["/boxes/{boxId}"]

    assert "parameters" not in item
    assert item["get"]["parameters"] == [
        PATH_PARAMETER,
        {
            "name": "limit",
            "in": "query",
            "description": "How many.",
            "schema": {"type": "string"},
        },
    ]
    assert item["put"]["parameters"] == [PATH_PARAMETER]


def test_a_preflight_asks_for_no_token_and_allows_the_verbs_of_its_path() -> None:
    preflight = finished()["paths"]["/boxes/{boxId}"]["options"]

    assert preflight == {
        "summary": "CORS preflight.",
        "parameters": [PATH_PARAMETER],
        "responses": {
            "204": {
                "description": "What a page of another origin may send.",
                "headers": {
                    "Access-Control-Allow-Origin": STRING,
                    "Access-Control-Allow-Methods": STRING,
                    "Access-Control-Allow-Headers": STRING,
                    "Access-Control-Max-Age": STRING,
                },
            }
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "when_no_templates",
            "requestTemplates": {"application/json": '{"statusCode": 204}\n'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "contentHandling": "CONVERT_TO_TEXT",
                    "responseParameters": {
                        "method.response.header.Access-Control-Allow-Origin": f"'{ORIGIN}'",
                        "method.response.header.Access-Control-Allow-Methods": "'GET, PUT'",
                        "method.response.header.Access-Control-Allow-Headers": (
                            "'Authorization, Content-Encoding, Content-Type'"
                        ),
                        "method.response.header.Access-Control-Max-Age": "'7200'",
                    },
                }
            },
        },
    }


def test_only_id_tokens_of_the_pool_for_this_client_are_taken() -> None:
    assert finished()["components"]["securitySchemes"] == {
        "userToken": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": [POOL_ARN],
                "identitySource": "method.request.header.Authorization",
                "identityValidationExpression": "^client1$",
            },
        },
        "operatorSignature": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        },
    }


def test_requests_are_validated_and_decompressed_and_refused_in_our_words() -> None:
    body = finished()

    assert {
        key: value
        for key, value in body.items()
        if key.startswith("x-amazon-") and key != "x-amazon-apigateway-policy"
    } == {
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-binary-media-types": ["application/gzip"],
        "x-amazon-apigateway-minimum-compression-size": 0,
        "x-amazon-apigateway-gateway-responses": gateway_responses(),
    }


def test_models_stay_and_what_is_written_out_goes() -> None:
    components = finished()["components"]

    assert set(components) == {"schemas", "securitySchemes"}
    assert components["schemas"] == {"Box": {"type": "object"}}


def test_media_types_without_a_schema_are_not_imported() -> None:
    schema = {"schema": {"$ref": "#/components/schemas/Box"}}
    contract = copy.deepcopy(CONTRACT)
    get, put = (contract["paths"]["/boxes/{boxId}"][verb] for verb in ("get", "put"))
    get["responses"]["200"]["content"] = {"image/png": {}, "image/webp": {}}
    put["responses"]["201"]["content"] = {"text/plain": {}, "application/json": schema}
    get["requestBody"] = {"required": True, "content": {"application/gzip": {}}}
    put["requestBody"] = {"content": {"application/x-ndjson": {}, "application/json": schema}}

    item = finished(contract=contract)["paths"]["/boxes/{boxId}"]

    assert "requestBody" not in item["get"]
    assert "content" not in item["get"]["responses"]["200"]
    assert item["put"]["requestBody"] == {"content": {"application/json": schema}}
    assert item["put"]["responses"]["201"]["content"] == {"application/json": schema}


def test_the_contract_itself_is_not_changed() -> None:
    contract = copy.deepcopy(CONTRACT)

    finished(contract=contract)

    assert contract == CONTRACT


def test_two_operations_do_not_share_what_one_of_them_could_change() -> None:
    item = finished()["paths"]["/boxes/{boxId}"]

    assert item["get"]["parameters"][0] is not item["put"]["parameters"][0]


def test_operations_without_an_integration_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"operations without an integration: getBox$"):
        finished({"putBox": PUT})


def test_integrations_without_an_operation_are_refused_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"that no operation of openapi.yaml names: anyBox, oldBox$"
    ):
        finished({"getBox": GET, "putBox": PUT, "oldBox": PUT, "anyBox": PUT})


def test_an_answer_that_the_contract_does_not_name_is_refused() -> None:
    teapot: Integration = {"type": "aws", "responses": {"default": {"statusCode": "418"}}}

    with pytest.raises(ValueError, match=r"^/boxes/\{boxId\} getBox answers 418, which openapi"):
        finished({"getBox": teapot, "putBox": PUT})


def test_a_status_that_stands_twice_is_refused_by_operation_and_code() -> None:
    twice: Integration = {
        "type": "aws",
        "responses": {
            r"2\d{2}": {"statusCode": "200"},
            r"4\d{2}": {"statusCode": "502"},
            "default": {"statusCode": "502"},
        },
    }

    with pytest.raises(
        ValueError,
        match=r"^/boxes/\{boxId\} getBox answers 502 in more than one response "
        r"\(4\\d\{2\}, default\)",
    ):
        finished({"getBox": twice, "putBox": PUT})


def test_operations_are_found_with_their_path_and_verb() -> None:
    found = [(path, verb, one["operationId"]) for path, verb, one in operations(CONTRACT)]

    assert found == [("/boxes/{boxId}", "get", "getBox"), ("/boxes/{boxId}", "put", "putBox")]


def changed_body(uri: str) -> dict[str, Any]:
    return finished({"getBox": {**GET, "uri": uri}, "putBox": PUT})


def test_the_digest_is_that_of_the_content_and_not_of_its_order() -> None:
    body = finished()
    backwards = dict(reversed(body.items()))

    assert list(backwards) != list(body)
    assert digest(backwards) == digest(body)


def test_the_digest_changes_with_an_integration() -> None:
    assert digest(changed_body("arn:other")) != digest(changed_body("arn:get"))


def test_the_digest_is_not_of_what_is_told_to_a_reader() -> None:
    told = {"description": "Another.", "summary": "Another.", "tags": ["another"]}
    body = changed_body("arn:get")
    path = next(iter(body["paths"]))
    other = copy.deepcopy(body)
    other["info"] = {"title": "Another", "version": "2"}
    other["paths"][path]["get"] |= told

    assert other != body
    assert digest(other) == digest(body)


@pytest.mark.parametrize("name", ["description", "summary", "tags"])
def test_a_property_named_as_a_text_is_is_no_text(name: str) -> None:
    bodies = [{"properties": {name: {"type": type_}}} for type_ in ("string", "integer")]

    assert len({digest(body) for body in bodies}) == 2
