"""What a service refuses becomes a problem whose status says whose fault it was."""

import json
from typing import Any

import botocore.session
import pytest
from botocore.model import ServiceModel
from hypothesis import given
from hypothesis import strategies as st

from components.api.kinesis_put_record import MAX_RECORD_BYTES
from sandbox.gateway.request_model import validation_errors
from tests.vtl import HOSTILE, Rendered, problem, rendered

NAMING = ["put_record_problem.vtl", "dynamodb_problem.vtl", "put_item_problem.vtl"]
REFUSAL = "limit must be 1 to 100, and cursor what an earlier answer gave."
KINESIS_GATEWAY = problem(502, "Bad Gateway", "The stream did not take the batch. Send it again.")
DYNAMODB_GATEWAY = problem(
    502, "Bad Gateway", "The table did not answer as it should. Send the request again."
)
NOT_ERRORS = ["", "{}", "[]", "null", "1", '"text"', "<html>", '{"__type": null}', '{"__type": 5}']


@pytest.fixture(params=["", "com.amazonaws.service.v20131202#", "com.amazon.coral.service#"])
def prefix(request: pytest.FixtureRequest) -> str:
    """Return what a service writes in front of its error's type."""
    return str(request.param)


def kinesis_problem(error_type: str, message: str = "", *, key: str = "message") -> Rendered:
    return rendered("put_record_problem.vtl", json.dumps({"__type": error_type, key: message}))


@pytest.fixture(params=["dynamodb_problem.vtl", "put_item_problem.vtl"])
def template(request: pytest.FixtureRequest) -> str:
    """Return a template that reads what DynamoDB refused."""
    return str(request.param)


def dynamodb_problem(answer: str, template: str = "dynamodb_problem.vtl") -> Rendered:
    return rendered(template, answer, constants={"refusal": REFUSAL})


@pytest.mark.parametrize(
    "error_type",
    ["ProvisionedThroughputExceededException", "LimitExceededException", "KMSThrottlingException"],
)
def test_a_stream_at_its_limit_is_a_429_that_says_when_to_come_back(
    prefix: str, error_type: str
) -> None:
    answer = kinesis_problem(f"{prefix}{error_type}", "Rate exceeded for shard refused-empty-batch")

    detail = (
        "The stream is at its limit and took nothing. Send the batch again after Retry-After "
        "seconds."
    )
    assert (answer.status, answer.headers, answer.json) == (
        429,
        {"Retry-After": "1"},
        problem(429, "Too Many Requests", detail),
    )


@pytest.mark.parametrize(
    ("marker", "status", "title", "detail"),
    [
        (
            "refused-too-large",
            413,
            "Content Too Large",
            (
                "The batch is larger than one record of the stream may be. Split it, or send it "
                "with putLargeBatch: PUT /recordings/{recordingId}/events/{sequence}."
            ),
        ),
        (
            "refused-recording-id",
            400,
            "Bad Request",
            "recordingId must be 1 to 64 of A-Z a-z 0-9 - _.",
        ),
        (
            "refused-batch-sequence",
            400,
            "Bad Request",
            "Batch-Sequence must be an integer from 0 to 999999999, without sign or leading zeros.",
        ),
        ("refused-empty-batch", 400, "Bad Request", "The batch is empty. Send at least one event."),
        (
            "refused-not-text",
            415,
            "Unsupported Media Type",
            (
                "The body is not UTF-8 text, so nothing was stored. Send gzip with Content-Type: "
                "application/gzip; other encodings are not supported."
            ),
        ),
        (
            "refused-not-bytes",
            415,
            "Unsupported Media Type",
            (
                "The body was not read as bytes, so nothing was stored. Send gzip with exactly "
                "Content-Type: application/gzip."
            ),
        ),
    ],
)
@pytest.mark.parametrize("key", ["message", "Message"])
def test_what_the_request_template_refused_is_named(
    prefix: str, key: str, marker: str, status: int, title: str, detail: str
) -> None:
    data = {"StreamName": "a-stream", "PartitionKey": "refused", "ExplicitHashKey": marker}
    message = "; ".join(validation_errors(_input_shape("kinesis", "PutRecord"), data))

    answer = kinesis_problem(f"{prefix}ValidationException", message, key=key)

    assert (answer.status, answer.headers, answer.json) == (
        status,
        {},
        problem(status, title, detail),
    )


def _input_shape(service: str, action: str) -> Any:  # botocore is untyped
    session: Any = botocore.session.get_session()
    loader = session.get_component("data_loader")
    model: Any = ServiceModel(loader.load_service_model(service, "service-2"))
    return model.operation_model(action).input_shape


def test_a_record_that_kinesis_finds_too_large_is_a_413() -> None:
    message = (
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577]' at 'data' "
        "failed to satisfy constraint: Member must have length less than or equal to 1048576"
    )

    assert kinesis_problem("ValidationException", message).status == 413


@pytest.mark.parametrize("error_type", ["ValidationException", "InvalidArgumentException"])
def test_any_other_refusal_of_the_batch_is_a_400_with_all_the_rules(
    prefix: str, error_type: str
) -> None:
    answer = kinesis_problem(f"{prefix}{error_type}", "something new")

    detail = (
        "The batch was refused: recordingId must be 1 to 64 of A-Z a-z 0-9 - _, Batch-Sequence an "
        "integer, the body UTF-8 text or application/gzip, not empty and under 767,000 bytes."
    )
    assert (answer.status, answer.json) == (400, problem(400, "Bad Request", detail))


@pytest.mark.parametrize(
    "error_type",
    [
        *("ResourceNotFoundException", "AccessDeniedException", "KMSDisabledException", "", "New"),
        *("KMSAccessDeniedException", "UnrecognizedClientException", "InternalFailureException"),
    ],
)
def test_what_is_not_the_clients_fault_is_a_502_that_tells_nothing(
    prefix: str, error_type: str
) -> None:
    secret = "User arn:aws:sts::1:assumed-role/x is not authorized"

    answer = kinesis_problem(f"{prefix}{error_type}", secret)

    assert (answer.status, answer.headers, answer.json) == (502, {}, KINESIS_GATEWAY)


@pytest.mark.parametrize("body", NOT_ERRORS)
def test_what_is_no_error_of_kinesis_is_a_502(body: str) -> None:
    answer = rendered("put_record_problem.vtl", body)

    assert (answer.status, answer.json) == (502, KINESIS_GATEWAY)


def test_a_conflict_is_a_409(prefix: str) -> None:
    refusal = json.dumps({"__type": f"{prefix}ConditionalCheckFailedException"})
    answer = dynamodb_problem(refusal, "put_item_problem.vtl")

    detail = "You have a recording of this id already; it is unchanged."
    assert (answer.status, answer.headers, answer.json) == (
        409,
        {},
        problem(409, "Conflict", detail),
    )


@pytest.mark.parametrize(
    "error_type",
    ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"],
)
def test_a_table_at_its_limit_is_a_429_that_says_when_to_come_back(
    prefix: str, error_type: str, template: str
) -> None:
    refusal = json.dumps({"__type": f"{prefix}{error_type}", "message": "slow"})
    answer = dynamodb_problem(refusal, template)

    detail = (
        "The table is at its limit and did nothing. Send the request again after Retry-After "
        "seconds."
    )
    assert (answer.status, answer.headers, answer.json) == (
        429,
        {"Retry-After": "1"},
        problem(429, "Too Many Requests", detail),
    )


@pytest.mark.parametrize("error_type", ["ValidationException", "SerializationException"])
def test_a_refused_request_is_a_400_with_the_operations_own_rule(
    prefix: str, error_type: str, template: str
) -> None:
    refusal = json.dumps({"__type": f"{prefix}{error_type}", "message": "x"})
    answer = dynamodb_problem(refusal, template)

    assert (answer.status, answer.headers, answer.json) == (
        400,
        {},
        problem(400, "Bad Request", REFUSAL),
    )


TEXT = "must be a string of well-formed Unicode, without half of a surrogate pair."
NUMBER = "must be given in integers, written in digits alone."


@pytest.mark.parametrize(
    ("action", "marker", "detail"),
    [
        ("PutItem", "refused-recordingId", "recordingId must be 1 to 64 of A-Z a-z 0-9 - _."),
        ("PutItem", "refused-text-pageUrl", f"pageUrl {TEXT}"),
        ("PutItem", "refused-text-pageTitle", f"pageTitle {TEXT}"),
        ("PutItem", "refused-text-userAgent", f"userAgent {TEXT}"),
        ("PutItem", "refused-number-startedAtMs", f"startedAtMs {NUMBER}"),
        ("PutItem", "refused-number-viewport", f"viewport {NUMBER}"),
        ("PutItem", "refused-flag-hasScreenshot", "hasScreenshot must be true or false."),
        ("GetItem", "refused-recordingId", "recordingId must be 1 to 64 of A-Z a-z 0-9 - _."),
        ("Query", "refused-limit", "limit must be an integer from 1 to 100."),
        ("Scan", "refused-cursor", "cursor must be the nextCursor of an earlier answer."),
    ],
)
@pytest.mark.parametrize("key", ["message", "Message"])
def test_what_a_template_of_dynamodb_refused_is_named(
    prefix: str, key: str, action: str, marker: str, detail: str
) -> None:
    data = {"TableName": "a-table", "ReturnConsumedCapacity": marker}
    message = "; ".join(validation_errors(_input_shape("dynamodb", action), data))
    refusal = json.dumps({"__type": f"{prefix}ValidationException", key: message})

    answer = dynamodb_problem(refusal, PROBLEM_OF.get(action, "dynamodb_problem.vtl"))

    assert (answer.status, answer.json) == (400, problem(400, "Bad Request", detail))


PROBLEM_OF = {"PutItem": "put_item_problem.vtl"}


@pytest.mark.parametrize(
    "error_type",
    [
        *("ResourceNotFoundException", "AccessDeniedException", "InternalServerError", "", "New"),
        *("ItemCollectionSizeLimitExceededException", "UnrecognizedClientException"),
    ],
)
def test_what_else_a_table_says_is_a_502(prefix: str, error_type: str, template: str) -> None:
    refusal = json.dumps({"__type": f"{prefix}{error_type}", "message": "secret"})
    answer = dynamodb_problem(refusal, template)

    assert (answer.status, answer.headers, answer.json) == (502, {}, DYNAMODB_GATEWAY)


@pytest.mark.parametrize("body", NOT_ERRORS)
def test_what_is_no_error_of_dynamodb_is_a_502(body: str, template: str) -> None:
    answer = dynamodb_problem(body, template)

    assert (answer.status, answer.json) == (502, DYNAMODB_GATEWAY)


@given(HOSTILE, HOSTILE, st.sampled_from(NAMING))
def test_nothing_that_a_service_says_reaches_the_client(
    error_type: str, message: str, name: str
) -> None:
    answer = rendered(
        name,
        json.dumps({"__type": error_type, "message": message}),
        constants={"refusal": REFUSAL, "maxRecordBytes": MAX_RECORD_BYTES},
    )

    assert (answer.status, answer.headers) == (502, {})
    assert answer.json in (KINESIS_GATEWAY, DYNAMODB_GATEWAY)


def test_what_nobody_planned_for_is_a_502() -> None:
    detail = (
        "A service behind this API failed. Whether the request took effect is not known; it may be "
        "sent again."
    )

    assert rendered("bad_gateway.vtl", "<html>").json == problem(502, "Bad Gateway", detail)


def test_a_preflight_is_a_204() -> None:
    assert rendered("preflight.vtl", "#set($x = 1)").json == {"statusCode": 204}
