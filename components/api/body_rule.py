"""The fields of a validated body, in words: API Gateway's own reason names no field."""

from components.api.contract import Document, operations, resolved
from components.api.media_types import UNVALIDATED


def body_rule(contract: Document) -> str:
    """Return a sentence for each operation whose body API Gateway validates, empty without any.

    >>> box = {"type": "object", "properties": {"n": {"type": "integer"}, "t": {"type": "string"}}}
    >>> body = {"content": {"application/json": {"schema": box}}}
    >>> body_rule({"paths": {"/a": {"put": {"operationId": "putBox", "requestBody": body}}}})
    'putBox takes an object of n (integer), t (string).'
    """
    return " ".join(
        f"{operation['operationId']} takes an {_described(resolved(contract, one['schema']))}."
        for _, _, operation in operations(contract)
        for media_type, one in operation.get("requestBody", {}).get("content", {}).items()
        if "schema" in one and media_type != UNVALIDATED
    )


def _described(schema: Document) -> str:
    if schema["type"] == "object":
        fields = (
            f"{name} ({_described(one)})" for name, one in schema.get("properties", {}).items()
        )
        return f"object of {', '.join(fields)}"
    if schema["type"] == "array":
        return f"list of up to {schema['maxItems']}, each {_described(schema['items'])}"
    if "maxLength" in schema:
        return f"{schema['type']} of at most {schema['maxLength']} characters"
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['type']} from {schema['minimum']} to {schema['maximum']}"
    return schema["type"]
