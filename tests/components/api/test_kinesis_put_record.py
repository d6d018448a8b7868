"""KinesisPutRecord."""

from collections.abc import Mapping

import pulumi
import pytest

from components.api.kinesis_put_record import (
    ENCODING_BY_MEDIA_TYPE,
    MAX_RECORD_BYTES,
    Encoding,
    KinesisPutRecord,
    KinesisPutRecordArgs,
)
from components.api.mapping_template import template_text
from tests.components.given import (
    STREAM_ARN,
    json_answer,
    problem_answer,
    role_arn,
    statements,
    stream,
    trust_of,
    trusted,
)
from tests.engine import REGION, Engine, deploy


def deployed(
    encodings: Mapping[str, Encoding] = ENCODING_BY_MEDIA_TYPE,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Engine:
    def build() -> None:
        args = KinesisPutRecordArgs(
            stream=stream(),
            region=REGION,
            encoding_by_media_type=encodings,
            max_record_bytes=max_record_bytes,
        )
        pulumi.export("integration", KinesisPutRecord("append-events", args).integration)

    return deploy(build)


def request_template(encoding: str, max_record_bytes: int = 1_024_000) -> str:
    constants = f'#set($encoding = "{encoding}")\n#set($maxRecordBytes = {max_record_bytes})\n'
    return f"{constants}{template_text('put_record.vtl')}"


def test_the_role_may_only_put_records_on_that_stream() -> None:
    engine = deployed()

    assert statements(engine, "append-events") == [
        {"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": STREAM_ARN}
    ]
    assert trusted(engine, "append-events") == trust_of("apigateway.amazonaws.com")


def test_the_integration_is_put_record_and_what_the_stream_did_not_take_is_never_a_success() -> (
    None
):
    engine = deployed()

    assert engine.exports["integration"] == {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{REGION}:kinesis:action/PutRecord",
        "credentials": role_arn("append-events"),
        "passthroughBehavior": "never",
        "contentHandling": "CONVERT_TO_TEXT",
        "requestParameters": {
            "integration.request.header.Content-Type": "'application/x-amz-json-1.1'"
        },
        "requestTemplates": {
            "application/json": request_template("identity"),
            "application/x-ndjson": request_template("identity"),
            "application/gzip": request_template("gzip"),
        },
        "responses": {
            r"2\d{2}": json_answer("202", template_text("stored.vtl")),
            r"4\d{2}": problem_answer("400", template_text("put_record_problem.vtl")),
            "default": problem_answer("502", template_text("bad_gateway.vtl")),
        },
    }


def test_another_program_may_name_its_own_media_types_and_limit() -> None:
    engine = deployed(encodings={"text/plain": "identity"}, max_record_bytes=100)

    assert engine.exports["integration"]["requestTemplates"] == {
        "text/plain": request_template("identity", 100)
    }


@pytest.mark.parametrize("limit", [0, 1_048_577])
def test_a_limit_that_kinesis_does_not_have_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=rf"^max_record_bytes must be 1\.\.1048576, got {limit}$"):
        deployed(max_record_bytes=limit)


@pytest.mark.parametrize("limit", [1, 1_048_576])
def test_the_smallest_and_the_largest_limit_are_taken(limit: int) -> None:
    engine = deployed(encodings={"text/plain": "identity"}, max_record_bytes=limit)

    assert engine.exports["integration"]["requestTemplates"] == {
        "text/plain": request_template("identity", limit)
    }
