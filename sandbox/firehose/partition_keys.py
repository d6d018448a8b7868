"""Runs a Firehose `MetadataExtractionQuery` over a record: the record's bytes in, its keys out.

jq 1.6 is the only engine that Firehose has
(https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html); the Python package runs
jq 1.8. Functions that are newer than 1.6 are refused by name; a difference in a function that both
have would go unnoticed.

The two error messages below are quoted from public reports of Firehose's errors, not from an AWS
page. Unknown on AWS, and decided here: numbers and booleans become their JSON text; arrays,
objects, several results and text that is not UTF-8 fail.
"""

import json
import re
from collections.abc import Callable
from typing import Any, cast

import jq

# https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html
MAX_KEYS = 50
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
MAX_QUERY_CHARS = 5_120

NOT_JSON = "Non JSON record provided"
EMPTY_KEY = "partitionKeys values must not be null or empty"

# https://github.com/jqlang/jq/releases (1.7, 1.7.1 and 1.8 against 1.6)
_AFTER_JQ_1_6 = re.compile(
    r'@base32d\b|(?<![\w.$"])(?:pick|abs|toarray|trim|ltrim|rtrim|trimstr|skip|have_decnum'
    r"|have_literal_numbers)\b(?!\s*:)"
)
_OPENING, _CLOSING = "([{", ")]}"
_KEY = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z_]\w*)|"(?P<quoted>[^"\\]+)")\s*:(?P<value>.+)""", re.DOTALL
)


class ExtractionError(Exception):
    """A record has no usable partition keys.

    The message may quote the record, so it belongs in the error object and not in a log.
    """


def query_keys(query: str) -> tuple[str, ...]:
    """Return the names that a query such as `{userId:.userId,"id":.a.b}` makes.

    Raises:
        ValueError: it is not one JSON object of `name: expression` pairs.

    >>> query_keys('{userId:.userId, "id":(.a,.b | tostring)}')
    ('userId', 'id')
    """
    if len(query) > MAX_QUERY_CHARS:
        raise ValueError(
            f"MetadataExtractionQuery is {len(query)} chars, more than {MAX_QUERY_CHARS}"
        )
    stripped = query.strip()
    if not (stripped.startswith("{") and stripped.endswith("}")):
        raise ValueError(f"MetadataExtractionQuery must be {{name: expression, …}}, got {query!r}")
    matches = [(pair, _KEY.fullmatch(pair)) for pair in _split_pairs(stripped[1:-1])]
    wrong = [pair for pair, match in matches if match is None]
    if wrong:
        raise ValueError(f"MetadataExtractionQuery has {wrong[0]!r}, which is not name: expression")
    keys = tuple(match["name"] or match["quoted"] for _, match in matches if match is not None)
    if len(keys) > MAX_KEYS or len(set(keys)) != len(keys):
        raise ValueError(f"MetadataExtractionQuery must have 1..{MAX_KEYS} different keys: {keys}")
    return keys


def compile_query(query: str) -> Callable[[bytes], dict[str, str]]:
    """Return a function from a record's data to its partition keys, which raises ExtractionError.

    Raises:
        ValueError: the query is not jq, or not jq 1.6.
    """
    newer = _AFTER_JQ_1_6.search(query)
    if newer:
        raise ValueError(f"MetadataExtractionQuery uses {newer[0]!r}, which jq 1.6 does not have")
    try:
        # Any: the jq package has no types.
        program = cast("Any", jq).compile(query)
    except ValueError as error:
        raise ValueError(f"MetadataExtractionQuery {query!r} is not jq: {error}") from error

    def extract(data: bytes) -> dict[str, str]:
        try:
            results = cast("list[object]", program.input_text(data.decode()).all())
        except UnicodeDecodeError as error:
            raise ExtractionError(NOT_JSON) from error
        except ValueError as error:  # what jq.py raises for bad input and for a failing program
            is_input = str(error).startswith("parse error")
            raise ExtractionError(NOT_JSON if is_input else f"jq: {error}") from error
        # Empty data has no result, concatenated values have several; Firehose reads one a record.
        if len(results) != 1:
            raise ExtractionError(NOT_JSON)
        pairs = cast("dict[str, object]", results[0])
        return {name: _text(value) for name, value in pairs.items()}

    return extract


def _text(value: object) -> str:
    if value is None or value == "":
        raise ExtractionError(EMPTY_KEY)
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    raise ExtractionError("partitionKeys values must be strings, numbers or booleans")


def _split_pairs(inside: str) -> list[str]:
    """Return the top-level comma-separated parts of an object's inside."""
    parts, depth, in_string, escaped = [""], 0, False, False
    for char in inside:
        if in_string:
            in_string = char != '"' or escaped
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char == "," and depth == 0:
            parts.append("")
            continue
        else:
            depth += (char in _OPENING) - (char in _CLOSING)
        parts[-1] += char
    return parts
