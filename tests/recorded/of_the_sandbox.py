"""Checks of the sandbox's gateway where AWS was recorded to behave in its own way.

One example each; every recorded answer has a test in `tests/sandbox/test_gateway_recorded.py`.
"""

import json

from sandbox.gateway.request import Answer
from sandbox.gateway.service import ServiceAnswer
from sandbox.gateway.undecided import Undecided
from tests.sandbox.gateway_given import (
    PROXY,
    Document,
    FakeServices,
    api_body,
    ask,
    aws,
    mock,
    operation,
    said,
    serving,
    serving_one,
)


def rendered(template: str, body: bytes = b"", **request: object) -> str:
    """Return what a template makes of a request to `/things/{thingId}`."""
    services = FakeServices()
    gateway = serving_one(aws(requestTemplates={"application/json": template}), services)
    headers = {str(key): str(value) for key, value in request.items()}
    assert ask(gateway, body, path="/v1/things/a%2Fb", headers=headers).status == 200
    return services.sent[0].body


def proxied(result: object, path: str = "/v1/things/1") -> tuple[Answer, Document]:
    """Return the answer to a function's result, and the function's event."""
    services = FakeServices(says=said(200, result))
    answer = ask(serving_one(PROXY, services), path=path)
    return answer, json.loads(services.sent[0].body)


def the_last_response_of_a_status_is_kept() -> None:
    responses = {
        "4\\d{2}": {"statusCode": "502", "responseTemplates": {"application/json": "refused"}},
        "default": {"statusCode": "502", "responseTemplates": {"application/json": "failed"}},
    }
    services = FakeServices(says=said(400, {}))

    assert ask(serving_one(aws(responses=responses), services)).body == b"failed"


def a_slash_at_the_end_is_ignored_but_seen_by_the_policy() -> None:
    statements = [
        {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": [resource]}
        for effect, resource in (("Allow", "execute-api:/*"), ("Deny", "execute-api:/v1/GET/x"))
    ]
    gateway = serving(
        api_body({"/x": {"get": operation(mock())}}, policy={"Statement": statements})
    )

    statuses = [ask(gateway, method="GET", path=path).status for path in ("/v1/x", "/v1/x/")]
    assert statuses == [403, 200]


def path_parameters_of_an_event_stay_encoded() -> None:
    assert proxied({"statusCode": 200}, "/v1/things/a%2Bb")[1]["pathParameters"] == {
        "thingId": "a%2Bb"
    }


def slashes_at_the_start_are_one() -> None:
    assert proxied({"statusCode": 200}, "//v1//things/1")[1]["resource"] == "/things/{thingId}"


def parameters_reach_templates_decoded() -> None:
    assert rendered("$input.params('thingId')") == "a/b"


def names_are_case_sensitive() -> None:
    template = "$input.params('accept')|$input.params('Accept')"

    assert rendered(template, accept="x") == "x|"


def response_headers_are_remapped() -> None:
    mapped = {f"method.response.header.{one}": "'x'" for one in ("Date", "Server", "Host")}
    headers = ask(serving_one(mock(responseParameters=mapped))).headers

    assert {one for one in headers if "emapped" in one} == {
        f"x-amzn-Remapped-{one}" for one in ("Date", "Server", "Host")
    }


def a_forbidden_mapping_is_a_500() -> None:
    mapped = {"integration.request.header.Authorization": "'x'"}

    assert ask(serving_one(aws(requestParameters=mapped))).status == 500


def a_proxy_result_is_read_as_recorded() -> None:
    answer, _ = proxied({"headers": {"X-On": True}, "multiValueHeaders": {"X-M": ["a", "b"]}})

    assert answer.status == 200
    assert {answer.headers[one] for one in ("Content-Type", "X-On", "X-M")} == {
        "application/json",
        "true",
        "a, b",
    }
    assert proxied({"statusCode": 200, "unknown": 1})[0].status == 502


def an_empty_body_is_an_empty_object() -> None:
    assert rendered("$input.body") == "{}"


def no_utf8_becomes_replacement_characters() -> None:
    assert rendered("$input.body", b"\x1f\x8b") == "\x1f\ufffd"


def text_for_a_binary_accept_is_a_500() -> None:
    integration = mock(responseTemplates={"application/json": "text"})
    gateway = serving_one(integration, binary_media_types=["image/webp"])

    assert ask(gateway, headers={"accept": "image/webp"}).status == 500


def a_template_with_a_conversion_to_binary_is_a_500() -> None:
    assert ask(serving_one(aws(contentHandling="CONVERT_TO_BINARY")), b"aMOp").status == 500


def a_response_override_of_a_request_template_holds() -> None:
    template = '#set($context.responseOverride.status = 418){"statusCode": 200}'
    integration = {**mock(), "requestTemplates": {"application/json": template}}

    assert ask(serving_one(integration)).status == 418


def what_is_undefined_is_silent_null_and_empty() -> None:
    template = (
        "[$never.set]#if($never.set != '')set#{else}empty#end"
        "#if($never.set == $null) null#end $input.path('$')"
    )

    assert rendered(template, b'{"foo": "bar"}') == "[]empty null {foo=bar}"


def a_mock_needs_no_quotes() -> None:
    integration = {**mock(), "requestTemplates": {"application/json": "{statusCode: 200}"}}

    assert ask(serving_one(integration)).status == 200


def a_media_type_with_parameters_does_either() -> None:
    statuses = {
        strips: ask(
            serving(
                api_body({"/things/{thingId}": {"post": operation(aws())}}),
                undecided=Undecided(strips_media_type_parameters=strips),
            ),
            headers={"content-type": "application/json; charset=utf-8"},
        ).status
        for strips in (True, False)
    }

    assert statuses == {True: 200, False: 415}


def a_whole_number_with_a_fraction_does_either() -> None:
    content = {"application/json": {"schema": {"type": "array", "items": {"type": "integer"}}}}
    statuses = {
        may: ask(
            serving(
                api_body(
                    {
                        "/things/{thingId}": {
                            "post": operation(mock(), requestBody={"content": content})
                        }
                    }
                ),
                undecided=Undecided(integer_may_have_fraction=may),
            ),
            b"[1.0, 1e3]",
        ).status
        for may in (True, False)
    }

    assert statuses == {True: 200, False: 400}


def an_empty_answer_is_an_empty_object() -> None:
    response = {"statusCode": "200", "responseTemplates": {"application/json": "$input.body"}}
    services = FakeServices(says=ServiceAnswer(200, {}, b""))

    assert ask(serving_one(aws(responses={"default": response}), services)).body == b"{}"
