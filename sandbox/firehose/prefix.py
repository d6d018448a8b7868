"""Firehose's custom S3 prefixes (`!{namespace:value}`) and object names, as pure functions.

What an expression may be: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
What an object is called: https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html

Values of partition keys are **not escaped**: no AWS page says that they are, and two public
programs show a `/` in a value becoming a folder level. So `/`, `..` and any Unicode go into the key
unchanged, and the writer of the records must exclude them. They are never read as expressions.

Not confirmed: one page says that `yyyy/MM/dd/HH/` is appended to a prefix without a timestamp,
AWS's own example of dynamic partitioning shows none. Nothing is appended here.
"""

import re
import secrets
import string
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
MAX_PREFIX_CHARS = 512
# https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
RANDOM_STRING_CHARS = 11

PARTITION_KEY = "partitionKeyFromQuery"
ERROR_TYPE = ("firehose", "error-output-type")
RANDOM = ("firehose", "random-string")

_EXPRESSION = re.compile(r"!\{(?P<namespace>[^:{}]*):(?P<value>[^{}]*)\}")
_TIME_TOKEN = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^A-Za-z'])"
)
# The letters of Java's DateTimeFormatter that folders need; others are refused by name.
_TIME_FORMATS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}


@dataclass(frozen=True)
class Expression:
    """One `!{namespace:value}` of a prefix."""

    namespace: str
    value: str

    def __str__(self) -> str:
        return f"!{{{self.namespace}:{self.value}}}"


@dataclass(frozen=True)
class Prefix:
    """A parsed `Prefix` or `ErrorOutputPrefix`: literal text and expressions, in order."""

    pieces: tuple[str | Expression, ...]

    def partition_keys(self) -> frozenset[str]:
        """Return the names that `partitionKeyFromQuery` expressions use."""
        return frozenset(
            piece.value
            for piece in self.pieces
            if isinstance(piece, Expression) and piece.namespace == PARTITION_KEY
        )

    def has(self, namespace: str, value: str) -> bool:
        return Expression(namespace, value) in self.pieces

    def identity(self, keys: Mapping[str, str]) -> str:
        """Return the identity of a partition: the prefix with only its keys evaluated.

        Records "with the same evaluated S3 prefix" share a buffer
        (https://docs.aws.amazon.com/firehose/latest/dev/buffering.html), but its timestamp is that
        of the oldest record, known only once the buffer exists. So timestamps are not evaluated.
        """
        return "".join(
            keys[piece.value]
            if isinstance(piece, Expression) and piece.namespace == PARTITION_KEY
            else str(piece)
            for piece in self.pieces
        )

    def evaluate(
        self, *, arrived_at: datetime, keys: Mapping[str, str] | None = None, error_type: str = ""
    ) -> str:
        """Return the prefix of one object.

        Args:
            arrived_at: approximate arrival of the oldest record in the object, in UTC.
            keys: values of the partition keys; an error prefix has none.
            error_type: value of `!{firehose:error-output-type}`.
        """
        return "".join(
            piece
            if isinstance(piece, str)
            else _evaluate(piece, arrived_at, keys or {}, error_type)
            for piece in self.pieces
        )


def parse_prefix(source: str) -> Prefix:
    """Return the parsed prefix.

    Raises:
        ValueError: it has an expression that Firehose or this sandbox does not support.

    >>> parse_prefix("a/!{timestamp:yyyy}/").pieces
    ('a/', Expression(namespace='timestamp', value='yyyy'), '/')
    """
    pieces: list[str | Expression] = []
    end = 0
    for match in _EXPRESSION.finditer(source):
        pieces.append(source[end : match.start()])
        pieces.append(_checked(Expression(match["namespace"], match["value"])))
        end = match.end()
    pieces.append(source[end:])
    literals = [piece for piece in pieces if isinstance(piece, str)]
    if any("!{" in literal for literal in literals):
        raise ValueError(f"prefix {source!r} has a '!{{' that is not a '!{{namespace:value}}'")
    return Prefix(tuple(piece for piece in pieces if piece != ""))


def object_name(stream_name: str, version: str, arrived_at: datetime, extension: str) -> str:
    """Return the part of the key after the prefix, with a new random UUID.

    AWS names the fields, but does not say which time they hold; the arrival of the oldest record
    is assumed, as for the timestamps of a prefix.
    """
    return f"{stream_name}-{version}-{arrived_at:%Y-%m-%d-%H-%M-%S}-{uuid.uuid4()}{extension}"


def _checked(expression: Expression) -> Expression:
    if expression.namespace == "timestamp":
        _format_time(expression.value, datetime.now(UTC))
        return expression
    if expression.namespace == PARTITION_KEY and expression.value:
        return expression
    if (expression.namespace, expression.value) in (ERROR_TYPE, RANDOM):
        return expression
    raise ValueError(
        f"prefix expression {expression} is not supported; there are !{{timestamp:…}}, "
        f"!{{{PARTITION_KEY}:…}}, !{{firehose:error-output-type}} and !{{firehose:random-string}}"
    )


def _evaluate(
    expression: Expression, arrived_at: datetime, keys: Mapping[str, str], error_type: str
) -> str:
    if expression.namespace == "timestamp":
        return _format_time(expression.value, arrived_at)
    if expression.namespace == PARTITION_KEY:
        return keys[expression.value]
    if (expression.namespace, expression.value) == ERROR_TYPE:
        return error_type
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(RANDOM_STRING_CHARS))


def _format_time(pattern: str, moment: datetime) -> str:
    """Return the moment by a Java `DateTimeFormatter` pattern.

    >>> _format_time("'y='yyyy/MM", datetime(2026, 3, 1))
    'y=2026/03'
    """
    parts: list[str] = []
    end = 0
    for match in _TIME_TOKEN.finditer(pattern):
        if match.start() != end:
            break
        end = match.end()
        if match["letters"] is not None:
            parts.append(_time_field(match["letters"], pattern, moment))
        else:
            parts.append(match["other"] or (match["quoted"] or "'").replace("''", "'"))
    if end != len(pattern) or not pattern:
        raise ValueError(f"timestamp pattern {pattern!r} is empty or has an open quote")
    return "".join(parts)


def _time_field(letters: str, pattern: str, moment: datetime) -> str:
    if letters not in _TIME_FORMATS:
        known = ", ".join(_TIME_FORMATS)
        raise ValueError(
            f"timestamp pattern {pattern!r} has {letters!r}; the sandbox knows {known}"
        )
    return moment.strftime(_TIME_FORMATS[letters])
