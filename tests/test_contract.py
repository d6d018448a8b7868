"""`openapi.yaml`, as a document of its own: what clients and API Gateway may expect of it."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from sandbox.program import PROJECT
from tests.contract import CONTRACT

# Any: OpenAPI defines the shape, and the first test checks it.
Document = dict[str, Any]

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SCHEMAS: dict[str, Document] = CONTRACT["components"]["schemas"]
OPERATIONS: dict[str, Document] = {
    operation["operationId"]: operation
    for item in CONTRACT["paths"].values()
    for verb, operation in item.items()
    if verb in VERBS
}

# What API Gateway knows of JSON Schema draft 4 when it imports OpenAPI 3, less what it leaves out.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
SUPPORTED = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "maxItems",  # imported, and not checked
    "description",
    "$ref",
}
# A visitor has no credentials but the write key in the path.
VISITORS = [
    "createSiteRecording",
    "appendSiteEvents",
    "putSiteFacts",
    "headSiteAsset",
    "putSiteAsset",
]
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def keywords(schema: Document) -> Iterator[str]:
    """Yield every keyword of a schema and of those inside it; names of properties are none."""
    yield from schema
    for inner in schema.get("properties", {}).values():
        yield from keywords(inner)
    yield from keywords(schema["items"]) if "items" in schema else ()


def resolved(response: Document) -> Document:
    """Return the response, or the shared one that it refers to."""
    shared: dict[str, Document] = CONTRACT["components"]["responses"]
    return shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response


def test_it_is_a_valid_openapi_document() -> None:
    assert [error.message for error in OpenAPIV30SpecValidator(CONTRACT).iter_errors()] == []


def test_it_is_of_the_version_that_api_gateway_imports() -> None:
    assert CONTRACT["openapi"] == "3.0.1"


def test_it_knows_nothing_of_aws() -> None:
    text = (PROJECT / "openapi.yaml").read_text(encoding="utf-8")

    assert re.findall(r"^\s*x-[\w-]+:", text, re.MULTILINE) == []
    assert re.findall(r"arn:|amazonaws", text) == []


def test_only_what_says_nothing_of_anybody_is_open_to_all() -> None:
    unasked = {name for name, one in OPERATIONS.items() if not one["security"]}

    assert unasked == {"getHealth", *VISITORS}
    assert set(OPERATIONS["getHealth"]["responses"]) == {"200", "429"}


def test_a_visitors_write_key_is_in_the_path_and_its_refusal_is_a_403() -> None:
    paths = {
        operation["operationId"]: path
        for path, item in CONTRACT["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS and operation["tags"] == ["visitors"]
    }

    assert sorted(paths) == sorted(VISITORS)
    assert {path[:8] for path in paths.values()} == {"/w/{key}"}
    assert all("403" in OPERATIONS[name]["responses"] for name in VISITORS)


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - {"getHealth"}))
def test_an_operation_says_who_may_call_it_what_it_is_for_and_how_it_fails(name: str) -> None:
    operation = OPERATIONS[name]

    assert len(operation["security"]) == (0 if name in VISITORS else 1)
    assert operation["summary"].endswith(".")
    assert {"429", "502"} <= set(operation["responses"])
    assert {"401", "403"} & set(operation["responses"])


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
OVER_THE_GATEWAYS_LIMIT = {
    name
    for name, one in OPERATIONS.items()
    if one["responses"].get("413") == {"$ref": "#/components/responses/OverTheGatewaysLimit"}
}


def test_every_operation_that_takes_a_body_says_when_it_is_too_large() -> None:
    with_a_body = {name for name, one in OPERATIONS.items() if "requestBody" in one}

    assert with_a_body <= {name for name, one in OPERATIONS.items() if "413" in one["responses"]}


def test_every_operation_that_answers_304_takes_an_etag() -> None:
    parameters = {name: str(one.get("parameters", [])) for name, one in OPERATIONS.items()}

    assert {name for name, one in OPERATIONS.items() if "304" in one["responses"]} == {
        name for name, one in parameters.items() if "ifNoneMatch" in one
    }


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_failure_is_a_problem(name: str) -> None:
    failures = {
        status: resolved(response)
        for status, response in OPERATIONS[name]["responses"].items()
        if not status.startswith("2") and status != "304"
    }
    if name.startswith("head"):  # an answer to HEAD has no body, unless the gateway itself says it
        assert "content" not in failures.pop("404")
        failures = {status: one for status, one in failures.items() if "content" in one}

    if name in OVER_THE_GATEWAYS_LIMIT:  # the gateway's own, which cannot be customised
        assert "content" not in failures.pop("413")

    assert {status: one["content"] for status, one in failures.items()} == dict.fromkeys(
        failures, PROBLEM
    )


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_one_answer_is_the_success(name: str) -> None:
    assert len([one for one in OPERATIONS[name]["responses"] if one.startswith("2")]) == 1


def test_auth_is_said_per_operation_because_api_gateway_ignores_it_at_the_root() -> None:
    assert "security" not in CONTRACT


def test_every_reference_stays_inside_the_document() -> None:
    references = set(re.findall(r"\$ref: '([^']*)'", (PROJECT / "openapi.yaml").read_text()))

    assert len(references) > 10
    assert [one for one in references if not one.startswith("#/components/")] == []


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_model_is_draft_4_as_far_as_api_gateway_reads_it(name: str) -> None:
    jsonschema.Draft4Validator.check_schema(SCHEMAS[name])

    assert set(keywords(SCHEMAS[name])) - SUPPORTED == set()


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_name_of_a_model_is_letters_and_digits(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name)


def test_every_parameter_of_a_path_is_declared_there() -> None:
    named = {path: set(re.findall(r"{(\w+)}", path)) for path in CONTRACT["paths"]}
    declared = {
        path: {
            CONTRACT["components"]["parameters"][one["$ref"].rsplit("/", 1)[1]]["name"]
            for one in item.get("parameters", [])
        }
        for path, item in CONTRACT["paths"].items()
    }

    assert declared == named


# What createRecording takes

DESCRIBED: Document = {
    "startedAtMs": 1_790_000_000_000,
    "pageUrl": "https://example.com/ä?q=1#x",
    "pageTitle": 'A "title" with $, \\ and \N{GRINNING FACE}',
    "userAgent": "Mozilla/5.0",
    "viewport": {"width": 1280, "height": 720},
}


def complaints(recording: Any) -> list[str]:
    """Return which keywords of the model refuse a body."""
    validator = jsonschema.Draft4Validator(SCHEMAS["NewRecording"])
    return [str(error.validator) for error in validator.iter_errors(recording)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        DESCRIBED,
        {"startedAtMs": 0},
        {"startedAtMs": 9_007_199_254_740_991},
        {"pageUrl": "x" * 8192},
        {"pageTitle": "x" * 1024},
        {"userAgent": ""},
        {"viewport": {"width": 0, "height": 1_000_000}},
    ],
)
def test_a_new_recording_may_say_all_of_itself_or_nothing(body: Document) -> None:
    assert complaints(body) == []


@pytest.mark.parametrize(
    ("body", "keyword"),
    [
        ({"userId": "somebody-else"}, "additionalProperties"),
        ({"recordingId": "r1"}, "additionalProperties"),
        ({"createdAtMs": 1}, "additionalProperties"),
        ({"expiresAt": 1}, "additionalProperties"),
        ({"startedAtMs": -1}, "minimum"),
        ({"startedAtMs": 9_007_199_254_740_992}, "maximum"),
        ({"startedAtMs": "1"}, "type"),
        ({"startedAtMs": 1.5}, "type"),
        ({"startedAtMs": None}, "type"),
        ({"startedAtMs": True}, "type"),
        ({"pageUrl": "x" * 8193}, "maxLength"),
        ({"pageUrl": {"S": "x"}}, "type"),
        ({"pageUrl": None}, "type"),
        ({"pageTitle": "x" * 1025}, "maxLength"),
        ({"userAgent": "x" * 1025}, "maxLength"),
        ({"viewport": {"width": 1}}, "required"),
        ({"viewport": {"width": 1, "height": 1, "depth": 1}}, "additionalProperties"),
        ({"viewport": {"width": -1, "height": 1}}, "minimum"),
        ({"viewport": {"width": 1, "height": 1_000_001}}, "maximum"),
        ({"viewport": {"width": "1", "height": 1}}, "type"),
        ({"viewport": []}, "type"),
        ([], "type"),
        ("{}", "type"),
        (None, "type"),
    ],
)
def test_what_a_template_could_not_render_safely_is_refused(body: Any, keyword: str) -> None:
    assert complaints(body) == [keyword]


@pytest.mark.parametrize("field", sorted(SCHEMAS["NewRecording"]["properties"]))
def test_what_a_recording_was_given_is_what_it_says_later(field: str) -> None:
    kind = SCHEMAS["NewRecording"]["properties"][field]["type"]

    assert SCHEMAS["Recording"]["properties"][field]["type"] == kind
    assert SCHEMAS["OperatorRecording"]["properties"][field]["type"] == kind


def test_all_of_a_recording_fits_into_one_item_of_the_table() -> None:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
    properties = SCHEMAS["NewRecording"]["properties"]
    longest = sum(one.get("maxLength", 0) for one in properties.values())

    assert longest * 4 < 400 * 1024  # a character is 4 bytes of UTF-8 at most
