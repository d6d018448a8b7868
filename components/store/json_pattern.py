"""Regular expressions that match JSON of one shape, for bodies that no model of API Gateway sees.

They are possessive wherever JSON leaves one reading, so their time grows with the length of a body
and no faster. Source: https://www.rfc-editor.org/rfc/rfc8259
"""

from typing import cast

from components.api.contract import Document
from components.api.mapping_template import Pattern

_BLANKS = r"[ \t\r\n]*+"
_HEX = "[0-9a-fA-F]"
# Half of a surrogate pair is no Unicode: DynamoDB would refuse it.
_ESCAPE = (
    r'\\(?:["\\/bfnrt]'
    rf"|u(?:[0-9a-cA-CefEF]{_HEX}{{3}}|[dD][0-7]{_HEX}{{2}}"
    rf"|[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}))"
)
# DynamoDB keeps 38 digits of a number, JavaScript 16.
_INTEGER = "(?:0|[1-9][0-9]{0,15})"


def body_pattern(schema: Document) -> Pattern:
    """Return what the JSON objects match that have only members of the schema, each of its type.

    None of them is required.
    """
    return Pattern(f"{_BLANKS}{_object_of(schema['properties'])}{_BLANKS}")


def misfits(schema: Document) -> list[list[str | Pattern]]:
    """Return [name, what an object matches whose value for it does not fit] of each member."""
    properties = cast("dict[str, Document]", schema["properties"])
    return [
        [
            name,
            Pattern(rf'(?s).*"{name}"{_BLANKS}:{_BLANKS}(?!{value_pattern(one)}{_BLANKS}[,}}]).*+'),
        ]
        for name, one in properties.items()
    ]


def value_pattern(schema: Document) -> str:
    """Return what the JSON values of the schema match.

    >>> value_pattern({"type": "boolean"})
    '(?:true|false)'

    Raises:
        ValueError: The schema is of a type that no template stores.
    """
    kind = schema["type"]
    if kind == "integer":
        return _INTEGER
    if kind == "boolean":
        return "(?:true|false)"
    if kind == "string":
        return _text(schema)
    if kind == "array":
        one = f"{_BLANKS}{value_pattern(schema['items'])}{_BLANKS}"
        return rf"\[{one}(?:,{one}){{0,{schema['maxItems'] - 1}}}+\]"
    if kind == "object":
        return _object_of(schema["properties"], required=len(schema.get("required", [])))
    raise ValueError(f"no template stores a value of the type {kind}")


def _text(schema: Document) -> str:
    pattern: str = schema.get("pattern", "")
    if pattern and pattern != r"^\S+$":
        return f'"{pattern.removeprefix("^").removesuffix("$")}"'
    blank = r"\x20" if pattern else ""
    least = 1 if pattern else 0
    plain = rf'[^"\\\x00-\x1f{blank}]'
    return f'"(?:{plain}|{_ESCAPE}){{{least},{schema["maxLength"]}}}+"'


def _object_of(properties: dict[str, Document], required: int = 0) -> str:
    members = "|".join(
        f'"{name}"{_BLANKS}:{_BLANKS}{value_pattern(one)}' for name, one in properties.items()
    )
    one = f"{_BLANKS}(?:{members}){_BLANKS}"
    several = f"{one}(?:,{one})"
    if required:
        return rf"\{{{several}{{{required - 1}}}+\}}"
    return rf"\{{(?:{several}*+|{_BLANKS})\}}"
