"""What a validated body may hold, in words."""

from typing import Any

from components.api.body_rule import body_rule

CRATE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 0, "maximum": 12},
        "weight": {"type": "number", "minimum": 0},
        "label": {"type": "string", "minLength": 1, "maxLength": 1024},
        "size": {
            "type": "object",
            "properties": {
                "width": {"type": "integer", "minimum": 1, "maximum": 300},
                "isRounded": {"type": "boolean"},
            },
        },
    },
}
NOTE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 9}},
    },
}


def takes(operation_id: str, media_type: str, schema: dict[str, Any] | None) -> dict[str, Any]:
    """Return an operation with a body, which only a schema has validated."""
    body = {} if schema is None else {"schema": schema}
    return {"operationId": operation_id, "requestBody": {"content": {media_type: body}}}


def test_every_field_of_a_validated_body_is_named_with_what_it_may_be() -> None:
    contract: dict[str, Any] = {
        "paths": {
            "/crates/{crateId}": {
                "parameters": [{"name": "crateId"}],
                "put": takes(
                    "putCrate", "application/json", {"$ref": "#/components/schemas/Crate"}
                ),
                "get": {"operationId": "getCrate"},
            },
            "/crates/{crateId}/picture": {"put": takes("putPicture", "image/png", None)},
            "/notes": {"post": takes("sendNote", "application/json", NOTE)},
        },
        "components": {"schemas": {"Crate": CRATE}},
    }

    assert body_rule(contract) == (
        "putCrate takes an object of count (integer from 0 to 12), weight (number), label (string "
        "of at most 1024 characters), size (object of width (integer from 1 to 300), isRounded "
        "(boolean)). sendNote takes an object of text (string), tags (list of up to 3, each "
        "string of at most 9 characters)."
    )


def test_a_contract_without_models_has_no_rule() -> None:
    contract: dict[str, Any] = {"paths": {"/a": {"put": takes("put", "application/gzip", None)}}}

    assert body_rule(contract) == ""
