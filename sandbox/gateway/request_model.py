"""Checks an action's parameters against the service's own model, as AWS does."""

import re
from typing import Any

# Shapes are botocore's, which is untyped, and so Any.
# https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html
# The wording is from public bug reports. It shows the value, which the program's templates rely on.


def validation_errors(shape: Any, value: Any, where: str = "") -> list[str]:
    """Return AWS's message for each parameter that breaks its model; empty if there is none."""
    if shape is None:
        return []
    kind: str = shape.type_name
    if kind == "structure":
        return _structure_errors(shape, value, where)
    if kind == "string" and isinstance(value, str):
        return _string_errors(shape, value, where)
    if kind in ("integer", "long") and isinstance(value, int) and not isinstance(value, bool):
        return _bounds(shape, value, value, where, "value")
    return []


def _structure_errors(shape: Any, value: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [
            f"Value '{value}' at '{where}' failed to satisfy constraint: Member must be a structure"
        ]
    found: list[str] = []
    for name, member in shape.members.items():
        at = f"{where}.{name}" if where else name[0].lower() + name[1:]
        if name in value:
            found += validation_errors(member, value[name], at)
        elif name in shape.required_members:
            found.append(
                f"Value null at '{at}' failed to satisfy constraint: Member must not be null"
            )
    return found


def _string_errors(shape: Any, value: str, where: str) -> list[str]:
    found = _bounds(shape, value, len(value), where, "length")
    pattern: str | None = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        found.append(
            f"Value '{value}' at '{where}' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {pattern}"
        )
    values: list[str] = shape.metadata.get("enum", [])
    if values and value not in values:
        found.append(
            f"Value '{value}' at '{where}' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(values)}]"
        )
    return found


def _bounds(shape: Any, value: object, size: int, where: str, what: str) -> list[str]:
    found: list[str] = []
    low: int | None = shape.metadata.get("min")
    high: int | None = shape.metadata.get("max")
    says = f"Value '{value}' at '{where}' failed to satisfy constraint: Member must have {what}"
    if low is not None and size < low:
        found.append(f"{says} greater than or equal to {low}")
    if high is not None and size > high:
        found.append(f"{says} less than or equal to {high}")
    return found
