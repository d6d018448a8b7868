"""What a page of another origin may send to the program's API, and read of its answers."""

from collections.abc import Mapping
from typing import Any

import handlers.get_events
from components.api.contract import Document, operations
from components.api.cors_headers import exposed_headers
from tests.engine import Engine
from tests.program.given import body_of, integrations, routes

# For the browser itself, which reads them whether a page may or not.
FOR_THE_BROWSER = {
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Content-Disposition",
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Vary",
    "X-Content-Type-Options",
}
# A page may read these without being allowed to.
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED = {"Cache-Control", "Content-Type", "Last-Modified"}
# API Gateway returns them as x-amzn-Remapped-*, so nothing may rely on them.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
REMAPPED = {
    *("authorization", "connection", "content-length", "content-md5", "date", "expect", "host"),
    *("max-forwards", "proxy-authenticate", "server", "te", "trailer", "transfer-encoding"),
    *("upgrade", "user-agent", "www-authenticate"),
}


def names(value: str) -> set[str]:
    """Return the names in a header that lists some, as it is or quoted for API Gateway."""
    return set(value.strip("'").split(", "))


def own_headers(headers: Mapping[str, Any], prefix: str) -> set[str]:
    """Return the headers of an answer that a page must be allowed to read."""
    return {name.removeprefix(prefix) for name in headers} - FOR_THE_BROWSER - SAFELISTED


def answers(body: Document) -> dict[tuple[str, str], dict[str, str]]:
    """Return the headers of each integration response by route and status."""
    return {
        (route, one["statusCode"]): one["responseParameters"]
        for route, integration in integrations(body).items()
        for one in integration.get("responses", {}).values()
        if not route.startswith("OPTIONS ")
    }


def test_every_own_header_of_an_answer_is_exposed_on_it(body: Document) -> None:
    prefix = "method.response.header."
    hidden = {
        answer: own_headers(headers, prefix)
        - names(headers[f"{prefix}Access-Control-Expose-Headers"])
        for answer, headers in answers(body).items()
    }

    assert {answer: found for answer, found in hidden.items() if found} == {}
    assert len(hidden) > 40


def test_every_own_header_of_a_gateway_response_is_exposed_on_it(body: Document) -> None:
    prefix = "gatewayresponse.header."
    responses = body["x-amazon-apigateway-gateway-responses"]
    hidden = {
        name: own_headers(one["responseParameters"], prefix)
        - names(one["responseParameters"][f"{prefix}Access-Control-Expose-Headers"])
        for name, one in responses.items()
    }

    assert {name: found for name, found in hidden.items() if found} == {}
    assert f"{prefix}Retry-After" in responses["THROTTLED"]["responseParameters"]


def test_the_reader_exposes_what_the_contract_says_of_its_answers(body: Document) -> None:
    contract = routes(body)["GET /recordings/{recordingId}/events"]["responses"]["200"]
    own = set(contract["headers"]) - FOR_THE_BROWSER - SAFELISTED

    assert names(vars(handlers.get_events)["_EXPOSED_HEADERS"]) == own
    assert own <= set(exposed_headers(body))


def test_a_page_may_ask_whether_anything_changed_wherever_304_is_documented(
    engine: Engine,
) -> None:
    body = body_of(engine)
    documented = {path for path, _, one in operations(body) if "304" in one["responses"]}
    allowed = {
        path: names(
            body["paths"][path]["options"]["x-amazon-apigateway-integration"]["responses"][
                "default"
            ]["responseParameters"]["method.response.header.Access-Control-Allow-Headers"]
        )
        for path in body["paths"]
    }

    assert documented == {
        "/recordings/{recordingId}/screenshot",
        "/assets/{sha256}",
        "/sites/{siteId}/recordings/{recordingId}/screenshot",
        "/sites/{siteId}/assets/{sha256}",
        "/recordings/{recordingId}/kept/assets/{sha256}",
        "/sites/{siteId}/recordings/{recordingId}/kept/assets/{sha256}",
    }
    assert {path for path in documented if "If-None-Match" in allowed[path]} == documented
    assert {path for path, one in allowed.items() if "Batch-Sequence" not in one} == set()


def test_no_answer_relies_on_a_header_that_api_gateway_renames(body: Document) -> None:
    mapped = {
        part.rsplit(".", 1)[1].lower()
        for headers in answers(body).values()
        for part in (*headers, *headers.values())
        if part.startswith(("method.response.header.", "integration.response.header."))
    }

    assert {"etag", "last-modified", "retry-after"} <= mapped
    assert mapped & REMAPPED == set()
