"""Which headers a page of another origin may send and read."""

from typing import Any

from components.api.cors_headers import exposed_headers, request_headers

CONTRACT: dict[str, Any] = {
    "paths": {
        "/boxes/{boxId}": {
            "parameters": [
                {"name": "boxId", "in": "path"},
                {"name": "Box-Colour", "in": "header"},
            ],
            "get": {
                "parameters": [{"$ref": "#/components/parameters/ifNoneMatch"}],
                "responses": {
                    "200": {"headers": {"ETag": {}, "Last-Modified": {}, "Content-Type": {}}},
                    "429": {"$ref": "#/components/responses/TooManyRequests"},
                },
            },
        }
    },
    "components": {
        "parameters": {"ifNoneMatch": {"name": "If-None-Match", "in": "header"}},
        "responses": {"TooManyRequests": {"headers": {"Retry-After": {}}}},
    },
}


def test_a_page_may_send_what_a_parameter_or_every_request_has() -> None:
    assert request_headers(CONTRACT) == [
        *("Authorization", "Box-Colour", "Content-Encoding", "Content-Type", "If-None-Match")
    ]


def test_a_page_may_read_what_a_response_has_and_no_page_may_read_anyway() -> None:
    assert exposed_headers(CONTRACT) == ["Date", "ETag", "Retry-After"]
