"""Checks of what the program's API does where AWS was recorded to behave in its own way."""

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
from tests.sandbox.test_gateway_recorded import KEPT, REMAPPED

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


def each_status_stands_once() -> None:
    for integration in integrations():
        codes = [one["statusCode"] for one in integration.get("responses", {}).values()]
        assert len(set(codes)) == len(codes), integration["uri"]


def a_refusal_of_a_template_is_not_the_catch_all() -> None:
    error = "ProvisionedThroughputExceededException"
    refused = [
        ask("GET", "/recordings", says=dynamodb_says(error)).answer,
        ask("POST", EVENTS, BATCH, headers=JSON, says=dynamodb_says(error)).answer,
    ]

    assert [(one.status, one.headers["Retry-After"]) for one in refused] == [(429, "1")] * 2
    failed = ask("GET", "/recordings", says=httpx.Response(500)).answer
    assert (failed.status, "Retry-After" in failed.headers) == (502, False)


def settings_of_the_body_are_arguments_too() -> None:
    arguments = engine().inputs("aws:apigateway/restApi:RestApi", "api")
    types = body()["x-amazon-apigateway-binary-media-types"]

    assert arguments.get("binaryMediaTypes") == types
    assert str(arguments.get("minimumCompressionSize")) == "0"
    assert body()["x-amazon-apigateway-minimum-compression-size"] == 0


def every_media_type_has_a_schema() -> None:
    bare = [
        (path, verb, media_type)
        for path, verb, operation in operations(body())
        for owner in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media_type, content in owner.get("content", {}).items()
        if "schema" not in content
    ]

    assert bare == []


# -- routing and paths -----------------------------------------------------------------------------


def a_slash_at_the_end_passes_no_denial() -> None:
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


def a_slash_at_the_start_finds_the_route() -> None:
    assert ask("GET", "//health").answer.status in {200, 403}
    assert ask("GET", f"/{RECORDING}/none").answer.status == 403


def a_template_reads_an_id_decoded() -> None:
    (sent,) = ask("GET", "/recordings/%61-recording").sent

    assert json.loads(sent.content)["Key"]["recordingId"] == {"S": "a-recording"}


# -- headers ---------------------------------------------------------------------------------------


def every_required_header_is_one_that_a_browser_sends() -> None:
    required = {
        parameter["name"]
        for _, _, operation in operations(body())
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header" and parameter.get("required")
    }

    assert {name for name in required if name != name.lower()} == set()


def a_condition_reaches_s3_in_either_spelling() -> None:
    for name in ("if-none-match", "If-None-Match"):
        (sent,) = ask("GET", ASSET, headers={name: '"known"', "accept": "image/png"}).sent
        assert sent.headers.get("if-none-match") == '"known"', name


def a_checksum_reaches_s3_from_a_browser() -> None:
    headers = {"content-type": "image/png", "x-amz-checksum-sha256": "a-checksum"}
    (sent,) = ask("PUT", ASSET, b"GIF8", headers=headers).sent

    assert sent.headers["x-amz-checksum-sha256"] == "a-checksum"
    assert sent.headers["content-type"] == "image/png"


def what_templates_ask_of_headers_they_ask_in_lower_case() -> None:
    asked = {
        name
        for text in templates("requestTemplates")
        for name in re.findall(r"\$input\.params\('([A-Za-z-]+)'\)", text)
    }

    assert {name.lower() for name in asked if "-" in name or name == "Accept"} <= asked


def a_batch_has_its_number_from_a_browser() -> None:
    (sent,) = ask("POST", EVENTS, BATCH, headers={**JSON, "batch-sequence": "7"}).sent

    envelope: Any = json.loads(base64.b64decode(json.loads(sent.content)["Data"]))
    assert envelope["sequence"] == 7


def no_header_is_mapped_that_would_be_remapped() -> None:
    remapped = {name.lower() for name in REMAPPED} | {"transfer-encoding"}
    mapped = {
        target.removeprefix("method.response.header.").lower()
        for response in responses()
        for target in response.get("responseParameters", {})
    }

    assert mapped & remapped == set()


def no_header_is_mapped_that_cannot_be() -> None:
    forbidden = {"authorization", "content-length", *(name.lower() for name in KEPT)}
    mapped = {
        target.removeprefix("integration.request.header.").lower()
        for integration in integrations()
        for target in integration.get("requestParameters", {})
    }

    assert mapped & forbidden == set()


# -- bodies and templates --------------------------------------------------------------------------


def an_empty_batch_is_refused() -> None:
    answers = [ask("POST", EVENTS, one, headers=JSON).answer for one in (b"", b"{}")]

    assert [answer.status for answer in answers] == [400, 400]


def gzip_without_its_type_is_refused() -> None:
    exchange = ask("POST", EVENTS, gzip.compress(BATCH), headers=JSON)

    assert exchange.answer.status in {400, 415}
    assert exchange.sent == []


def every_text_answer_is_converted_to_text() -> None:
    for response in responses():
        if response.get("responseTemplates"):
            assert response.get("contentHandling") == "CONVERT_TO_TEXT", response["statusCode"]


def health_answers_whatever_is_accepted() -> None:
    types = ["image/webp", "application/gzip, */*", "*/*", "text/html"]

    assert {ask("GET", "/health", headers={"accept": one}).answer.status for one in types} == {200}


def no_template_meets_a_conversion_to_binary() -> None:
    both = [
        one
        for one in [*integrations(), *responses()]
        if one.get("contentHandling") == "CONVERT_TO_BINARY"
        and (one.get("responseTemplates") or (one.get("requestTemplates") and "uri" not in one))
    ]

    assert both == []
    for integration in integrations():
        assert integration.get("contentHandling") != "CONVERT_TO_BINARY"


def no_request_template_sets_the_answer() -> None:
    assert [text for text in templates("requestTemplates") if "responseOverride" in text] == []


def a_recording_without_its_optional_fields_is_shown() -> None:
    item = {
        "userId": {"S": "u"},
        "recordingId": {"S": "a-recording"},
        "createdAtMs": {"N": "1"},
        "expiresAt": {"N": "99999999999"},
    }
    answer = ask("GET", RECORDING, says=httpx.Response(200, json={"Item": item})).answer

    assert (answer.status, json.loads(answer.body)["recordingId"]) == (200, "a-recording")
    assert ask("GET", RECORDING, says=httpx.Response(200, json={})).answer.status == 404


def every_mock_says_an_integer() -> None:
    mocks = [one for one in integrations() if one["type"] == "mock"]

    assert mocks
    for integration in mocks:
        for text in integration["requestTemplates"].values():
            assert re.fullmatch(r'\s*\{"statusCode": \d{3}\}\s*', text), text


def a_type_with_parameters_is_taken_or_refused() -> None:
    statuses = [
        ask(
            "POST", EVENTS, BATCH, headers={"content-type": f"{one}; charset=utf-8"}, undecided=each
        ).answer.status
        for one in ("application/json", "application/x-ndjson")
        for each in BOTH
    ]

    assert set(statuses) <= {202, 415}
    assert statuses[0] == statuses[2] == 202


def text_with_parameters_is_refused_or_never_runs() -> None:
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


def a_whole_number_with_a_fraction_is_refused_either_way() -> None:
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


def a_read_after_a_201_finds_the_recording() -> None:
    reads = [ask("GET", RECORDING), ask("GET", "/recordings")]

    for exchange in reads:
        assert json.loads(exchange.sent[0].content).get("ConsistentRead") is True
