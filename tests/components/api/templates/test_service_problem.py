"""service_problem.vtl: a refusal of a service becomes a problem that says whose fault it was."""

import json

import pytest
from hypothesis import given

from components.api.dynamo_action import DYNAMODB
from components.api.kinesis_put_record import KinesisPutRecord
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.service_action import ActionTemplates, ErrorAnswer, Service, problem_template
from tests.vtl import HOSTILE, Rendered, problem, rendered

OURS = problem(502, "Bad Gateway", "A service behind this API failed. Send the request again.")
ACTION = ActionTemplates(
    request={"application/json": "{}"},
    response="{}",
    errors=(
        ErrorAnswer(error_type="ConditionalCheckFailed", status=409, detail="It is there."),
        ErrorAnswer(message="refused-size", status=413, detail="It is too large."),
        ErrorAnswer(message="refused-name", detail="name must be a word."),
    ),
    refusal="Send a box.",
)
KINESIS = KinesisPutRecord.service


@pytest.fixture(params=["", "com.amazonaws.service.v20131202#", "com.amazon.coral.service#"])
def prefix(request: pytest.FixtureRequest) -> str:
    """Return what a service writes in front of its error's type."""
    return str(request.param)


def answered(error: object, service: Service = DYNAMODB) -> Rendered:
    return rendered(problem_template(service, ACTION), json.dumps(error))


@pytest.mark.parametrize(
    ("service", "error_type"),
    [
        (DYNAMODB, "ProvisionedThroughputExceededException"),
        (DYNAMODB, "ThrottlingException"),
        (DYNAMODB, "RequestLimitExceeded"),
        (KINESIS, "ProvisionedThroughputExceededException"),
        (KINESIS, "LimitExceededException"),
        (KINESIS, "KMSThrottlingException"),
    ],
)
def test_a_service_at_its_limit_is_a_429_that_says_when_to_come_back(
    prefix: str, service: Service, error_type: str
) -> None:
    error = {"__type": f"{prefix}{error_type}", "message": "slow down, refused-name"}

    answer = answered(error, service)

    detail = (
        "The service behind this operation is at its limit and did nothing. Send the request again "
        "after Retry-After seconds."
    )
    assert (answer.status, answer.headers, answer.json) == (
        429,
        {"Retry-After": "1"},
        problem(429, "Too Many Requests", detail),
    )


@pytest.mark.parametrize("key", ["message", "Message"])
@pytest.mark.parametrize(
    ("message", "status", "title", "detail"),
    [
        ("Value 'refused-name' at 'x'", 400, "Bad Request", "name must be a word."),
        ("Value 'refused-size' at 'x'", 413, "Content Too Large", "It is too large."),
        ("something new", 400, "Bad Request", "Send a box."),
    ],
)
def test_what_the_request_template_refused_is_named(
    prefix: str, key: str, message: str, status: int, title: str, detail: str
) -> None:
    answer = answered({"__type": f"{prefix}ValidationException", key: message})

    assert (answer.status, answer.headers, answer.json) == (
        status,
        {},
        problem(status, title, detail),
    )


@pytest.mark.parametrize(
    ("service", "error_type"),
    [
        (DYNAMODB, "SerializationException"),
        (KINESIS, "ValidationException"),
        (KINESIS, "InvalidArgumentException"),
    ],
)
def test_any_other_refusal_is_a_400_with_the_operations_own_rule(
    prefix: str, service: Service, error_type: str
) -> None:
    answer = answered({"__type": f"{prefix}{error_type}", "message": "x"}, service)

    assert (answer.status, answer.json) == (400, problem(400, "Bad Request", "Send a box."))


def test_a_failed_condition_is_a_409(prefix: str) -> None:
    answer = answered({"__type": f"{prefix}ConditionalCheckFailedException"})

    assert (answer.status, answer.json) == (409, problem(409, "Conflict", "It is there."))


@pytest.mark.parametrize("service", [DYNAMODB, KINESIS], ids=lambda service: service.name)
@pytest.mark.parametrize(
    "error_type",
    [
        *("ResourceNotFoundException", "AccessDeniedException", "KMSDisabledException", "", "New"),
        *("KMSAccessDeniedException", "UnrecognizedClientException", "InternalFailureException"),
    ],
)
def test_what_is_not_the_clients_fault_is_a_502_that_tells_nothing(
    prefix: str, service: Service, error_type: str
) -> None:
    secret = "User arn:aws:sts::1:assumed-role/x is not authorized"

    answer = answered({"__type": f"{prefix}{error_type}", "message": secret}, service)

    assert (answer.status, answer.headers, answer.json) == (502, {}, OURS)


def test_a_full_item_collection_is_no_reason_to_try_again() -> None:
    answer = answered({"__type": "ItemCollectionSizeLimitExceededException"})

    assert (answer.status, answer.headers) == (502, {})


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "null", "1", '"text"', "<html>", '{"__type": null}', '{"__type": 5}'],
)
def test_what_is_no_error_of_a_service_is_a_502(body: str) -> None:
    answer = rendered(problem_template(DYNAMODB, ACTION), body)

    assert (answer.status, answer.json) == (502, OURS)


@given(HOSTILE, HOSTILE)
def test_nothing_that_a_service_says_reaches_the_client(error_type: str, message: str) -> None:
    answer = answered({"__type": error_type, "message": message})

    assert (answer.status, answer.headers, answer.json) == (502, {}, OURS)


def test_an_unexpected_answer_is_a_502() -> None:
    detail = (
        "A service behind this API failed. Whether the request took effect is not known; it may be "
        "sent again."
    )
    answer = rendered(mapping_template(TEMPLATES / "bad_gateway.vtl"), "<html>")

    assert answer.json == problem(502, "Bad Gateway", detail)


def test_a_preflight_is_a_204() -> None:
    answer = rendered(mapping_template(TEMPLATES / "preflight.vtl"), "#set($x = 1)")

    assert answer.json == {"statusCode": 204}
