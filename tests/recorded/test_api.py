"""What the program's API does where AWS behaves in its own way: above each group, the fact.

"LocalStack" is `tests/aws/services/apigateway` in https://github.com/localstack/localstack, whose
snapshots were taken on AWS. The sandbox's own answers: `tests/sandbox/test_gateway_recorded.py`.

Not in here: whether an import warns of a status code that stands twice was not recorded; a claim
of groups arrives as text, but the program reads none; some actions ignore `aws:ResourceTag`, so
`tests/bootstrap` tries every recorded call against every role.
"""

import base64
import gzip
import json
import re
from typing import Any
from urllib.parse import quote

import httpx

from components.api.contract import Document, operations
from sandbox.gateway.undecided import Undecided
from tests.recorded.program import RECORDING, ask, body, engine
from tests.sandbox.recorded_headers import KEPT, REMAPPED

JSON = {"content-type": "application/json"}
BATCH = b'{"type": 4, "data": {}, "timestamp": 1}\n'
BOTH = [Undecided(strips_media_type_parameters=strips) for strips in (True, False)]
EVENTS = f"{RECORDING}/events"
ASSET = f"/assets/{'ab' * 32}"


def integrations() -> list[Document]:
    return [one["x-amazon-apigateway-integration"] for _, _, one in operations(body())]


def responses() -> list[Document]:
    return [
        one for integration in integrations() for one in integration.get("responses", {}).values()
    ]


def templates(name: str) -> list[str]:
    """Return the request or response templates of every integration."""
    owners = integrations() if name == "requestTemplates" else responses()
    return [text for owner in owners for text in owner.get(name, {}).values()]


def dynamodb_says(error: str) -> httpx.Response:
    return httpx.Response(400, json={"__type": error, "message": "no"})


# -- the importer ----------------------------------------------------------------------------------


# An integration response is identified by its status code: of two, the last is kept.
# Recorded on AWS: LocalStack: test_apigateway_import.snapshot.json, every integrationResponses;
# https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
def test_each_status_stands_once() -> None:
    for integration in integrations():
        codes = [one["statusCode"] for one in integration.get("responses", {}).values()]
        assert len(set(codes)) == len(codes), integration["uri"]


def test_a_refusal_of_a_template_is_not_the_catch_all() -> None:
    error = "ProvisionedThroughputExceededException"
    refused = [
        ask("GET", "/recordings", says=dynamodb_says(error)).answer,
        ask("POST", EVENTS, BATCH, headers=JSON, says=dynamodb_says(error)).answer,
    ]

    assert [(one.status, one.headers["Retry-After"]) for one in refused] == [(429, "1")] * 2
    failed = ask("GET", "/recordings", says=httpx.Response(500)).answer
    assert (failed.status, "Retry-After" in failed.headers) == (502, False)


# A setting that stands in the body alone may be put back to an older value.
# A dated report of a third party: hashicorp/terraform-provider-aws issue 38515 and pull request
# 48118
def test_settings_of_the_body_are_arguments_too() -> None:
    arguments = engine().inputs("aws:apigateway/restApi:RestApi", "api")
    types = body()["x-amazon-apigateway-binary-media-types"]

    assert arguments.get("binaryMediaTypes") == types
    assert str(arguments.get("minimumCompressionSize")) == "0"
    assert body()["x-amazon-apigateway-minimum-compression-size"] == 0


# An importer may warn of a media type without a schema.
# Not decided: ours must be right under each answer:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html says
# nothing of it
def test_every_media_type_has_a_schema() -> None:
    bare = [
        (path, verb, media_type)
        for path, verb, operation in operations(body())
        for owner in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media_type, content in owner.get("content", {}).items()
        if "schema" not in content
    ]

    assert bare == []


# -- routing and paths -----------------------------------------------------------------------------


# A slash at the end is ignored by routing and seen by the resource policy.
# Recorded on AWS: LocalStack: test_apigateway_lambda.py::test_lambda_aws_proxy_integration; the
# method's ARN: a report of a third party
def test_a_slash_at_the_end_passes_no_denial() -> None:
    spellings = ["a.b", "a'b", "a%2Fb", "x" * 65]
    paths = [
        path
        for one in spellings
        for path in (
            f"/recordings/{one}/screenshot",
            f"/recordings/{one}/events/1",
            f"/assets/{one}",
        )
    ]
    for path in paths:
        for slashes in ("{}", "{}/", "/{}", "/{}/"):
            exchange = ask(
                "PUT", slashes.format(path), b"GIF8", headers={"content-type": "image/png"}
            )
            assert (exchange.answer.status, exchange.sent) == (403, []), slashes.format(path)


# Slashes at the start of a path are taken for one.
# Recorded on AWS: LocalStack: test_apigateway_lambda.py::test_lambda_aws_proxy_integration
def test_a_slash_at_the_start_finds_the_route() -> None:
    assert ask("GET", "//health").answer.status in {200, 403}
    assert ask("GET", f"/{RECORDING}/none").answer.status == 403


# Parameters reach templates decoded.
# AWS's documentation:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
def test_a_template_reads_an_id_decoded() -> None:
    (sent,) = ask("GET", "/recordings/%61-recording").sent

    assert json.loads(sent.content)["Key"]["recordingId"] == {"S": "a-recording"}


# -- headers ---------------------------------------------------------------------------------------


# Names of headers and query parameters are case-sensitive; HTTP/2 sends lower case.
# AWS's documentation:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html;
# https://www.rfc-editor.org/rfc/rfc9113#section-8.2
def test_every_required_header_is_one_that_a_browser_sends() -> None:
    required = {
        parameter["name"]
        for _, _, operation in operations(body())
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header" and parameter.get("required")
    }

    assert {name for name in required if name != name.lower()} == set()


def test_a_condition_reaches_s3_in_either_spelling() -> None:
    for name in ("if-none-match", "If-None-Match"):
        (sent,) = ask("GET", ASSET, headers={name: '"known"', "accept": "image/png"}).sent
        assert sent.headers.get("if-none-match") == '"known"', name


def test_a_checksum_reaches_s3_from_a_browser() -> None:
    headers = {"content-type": "image/png", "x-amz-checksum-sha256": "a-checksum"}
    (sent,) = ask("PUT", ASSET, b"GIF8", headers=headers).sent

    assert sent.headers["x-amz-checksum-sha256"] == "a-checksum"
    assert sent.headers["content-type"] == "image/png"


def test_templates_ask_for_headers_in_lower_case() -> None:
    asked = {
        name
        for text in templates("requestTemplates")
        for name in re.findall(r"\$input\.params\('([A-Za-z-]+)'\)", text)
    }

    assert {name.lower() for name in asked if "-" in name or name == "Accept"} <= asked


def test_a_batch_has_its_number_from_a_browser() -> None:
    (sent,) = ask("POST", EVENTS, BATCH, headers={**JSON, "batch-sequence": "7"}).sent

    envelope: Any = json.loads(base64.b64decode(json.loads(sent.content)["Data"]))
    assert envelope["sequence"] == 7


# Date, Server, Host and others of an integration come out as x-amzn-Remapped-*.
# Recorded on AWS: LocalStack: test_apigateway_integrations.py::TestApiGatewayHeaderRemapping
def test_no_header_is_mapped_that_would_be_remapped() -> None:
    remapped = {name.lower() for name in REMAPPED} | {"transfer-encoding"}
    mapped = {
        target.removeprefix("method.response.header.").lower()
        for response in responses()
        for target in response.get("responseParameters", {})
    }

    assert mapped & remapped == set()


# Mapping onto Authorization, Connection, Content-Length and four more is a 500.
# Recorded on AWS: LocalStack: test_apigateway_integrations.py::TestApiGatewayHeaderRemapping
def test_no_header_is_mapped_that_cannot_be() -> None:
    forbidden = {"authorization", "content-length", *(name.lower() for name in KEPT)}
    mapped = {
        target.removeprefix("integration.request.header.").lower()
        for integration in integrations()
        for target in integration.get("requestParameters", {})
    }

    assert mapped & forbidden == set()


# -- bodies and templates --------------------------------------------------------------------------


# An empty body is {} to a template, of the request and of the answer.
# Recorded on AWS: LocalStack:
# test_apigateway_common.py::TestApiGatewayCommon::test_input_body_formatting
def test_an_empty_batch_is_refused() -> None:
    answers = [ask("POST", EVENTS, one, headers=JSON).answer for one in (b"", b"{}")]

    assert [answer.status for answer in answers] == [400, 400]


# Bytes of a text body that are not UTF-8 become U+FFFD.
# Recorded on AWS: LocalStack:
# test_apigateway_s3.py, TestApiGatewayS3BinarySupport,
# test_apigw_s3_binary_support_request
def test_gzip_without_its_type_is_refused() -> None:
    exchange = ask("POST", EVENTS, gzip.compress(BATCH), headers=JSON)

    assert exchange.answer.status in {400, 415}
    assert exchange.sent == []


# Text for a binary Accept, without contentHandling, is a 500.
# Recorded on AWS: LocalStack:
# test_apigateway_s3.py, TestApiGatewayS3BinarySupport,
# test_apigw_s3_binary_support_response_no_content_handling
def test_every_text_answer_is_converted_to_text() -> None:
    for response in responses():
        if response.get("responseTemplates"):
            assert response.get("contentHandling") == "CONVERT_TO_TEXT", response["statusCode"]


def test_health_answers_whatever_is_accepted() -> None:
    types = ["image/webp", "application/gzip, */*", "*/*", "text/html"]

    assert {ask("GET", "/health", headers={"accept": one}).answer.status for one in types} == {200}


# CONVERT_TO_BINARY together with a template is a 500.
# Recorded on AWS: LocalStack:
# test_apigateway_s3.py, TestApiGatewayS3BinarySupport,
# test_apigw_s3_binary_support_request_convert_to_binary_with_request_template
def test_no_template_meets_a_conversion_to_binary() -> None:
    both = [
        one
        for one in [*integrations(), *responses()]
        if one.get("contentHandling") == "CONVERT_TO_BINARY"
        and (one.get("responseTemplates") or (one.get("requestTemplates") and "uri" not in one))
    ]

    assert both == []
    for integration in integrations():
        assert integration.get("contentHandling") != "CONVERT_TO_BINARY"


# responseOverride that a request template sets holds for the answer.
# Recorded on AWS: LocalStack:
# test_apigateway_integrations.py::test_integration_mock_with_response_override_in_request_template
def test_no_request_template_sets_the_answer() -> None:
    assert [text for text in templates("requestTemplates") if "responseOverride" in text] == []


# An undefined reference is silent, and equals null and the empty text; a map prints as Java's.
# Recorded on AWS: LocalStack:
# test_apigateway_common.py::TestApiGatewayCommon::test_input_path_template_formatting;
# test_apigateway_kinesis.py
def test_a_recording_without_its_optional_fields_is_shown() -> None:
    item = {
        "owner": {"S": "user#u"},
        "recordingId": {"S": "a-recording"},
        "createdAtMs": {"N": "1"},
        "expiresAt": {"N": "99999999999"},
    }
    answer = ask("GET", RECORDING, says=httpx.Response(200, json={"Item": item})).answer

    assert (answer.status, json.loads(answer.body)["recordingId"]) == (200, "a-recording")
    assert ask("GET", RECORDING, says=httpx.Response(200, json={})).answer.status == 404


# A mock's {statusCode: 200} needs no quotes, and its value is an integer.
# Recorded on AWS: LocalStack:
# test_apigateway_integrations.py::test_integration_mock_with_path_param
def test_every_mock_says_an_integer() -> None:
    mocks = [one for one in integrations() if one["type"] == "mock"]

    assert mocks
    for integration in mocks:
        for text in integration["requestTemplates"].values():
            assert re.fullmatch(r'\s*\{"statusCode": \d{3}\}\s*', text), text


# A media type with parameters meets the template of the bare type, or none.
# Not decided: ours must be right under each answer:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
# says nothing of it
def test_a_type_with_parameters_is_taken_or_refused() -> None:
    statuses = [
        ask(
            "POST", EVENTS, BATCH, headers={"content-type": f"{one}; charset=utf-8"}, undecided=each
        ).answer.status
        for one in ("application/json", "application/x-ndjson")
        for each in BOTH
    ]

    assert set(statuses) <= {202, 415}
    assert statuses[0] == statuses[2] == 202


def test_text_with_parameters_is_refused_or_never_runs() -> None:
    for media_type in ("text/html", "image/svg+xml", "text/javascript"):
        headers = {"content-type": f"{media_type}; charset=utf-8"}
        sent = ask("PUT", ASSET, b"<script>", headers=headers).sent
        assert [one.content for one in sent if one.content] == [], media_type

    # Where no template is found, the text is passed on as it came. It is shown as bytes alone.
    asked_for = "application/octet-stream"
    stored = httpx.Response(200, headers={"content-type": asked_for}, content=b"<script>")
    exchange = ask("GET", ASSET, headers={"accept": "text/html"}, says=stored)
    target = exchange.sent[0].extensions["target"].decode()
    assert target.endswith(f"?response-content-type={quote(asked_for, safe='')}")
    assert exchange.answer.headers["Content-Type"] == asked_for
    assert exchange.answer.headers["Content-Security-Policy"] == "sandbox"
    assert exchange.answer.headers["Content-Disposition"] == "attachment"
    assert exchange.answer.headers["X-Content-Type-Options"] == "nosniff"


# 1.0 and 1e3 are integers to a model, or not.
# Not decided: ours must be right under each answer:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html names
# JSON Schema draft 4
def test_a_whole_number_with_a_fraction_is_refused_either_way() -> None:
    statuses = {
        ask(
            "PUT",
            RECORDING,
            f'{{"startedAtMs": {number}}}'.encode(),
            headers=JSON,
            undecided=Undecided(integer_may_have_fraction=may),
        ).answer.status
        for number in ("1.0", "1e3")
        for may in (True, False)
    }

    assert statuses == {400}


# -- other services --------------------------------------------------------------------------------


# GetItem and Query are eventually consistent unless told otherwise.
# AWS's documentation:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
def test_a_read_after_a_201_finds_the_recording() -> None:
    reads = [ask("GET", RECORDING), ask("GET", "/recordings")]

    for exchange in reads:
        assert json.loads(exchange.sent[0].content).get("ConsistentRead") is True
